/** Before the nth new try (from 1): 2 s, 4 s, 8 s, 15 s, then every 30 s. */
export function delayBefore(attempt: number): number {
  return [2_000, 4_000, 8_000, 15_000][attempt - 1] ?? 30_000
}
