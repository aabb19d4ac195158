// Rounds, rates and percentiles.

export type Timing = { perSecond: number; p50: number; p99: number; count: number }

/** Value at a share of a list (0.99: all but one in a hundred are at most this). */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: number[]): number => percentile(values, 0.5)
export const round = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits

/** Runs `act` in `clients` loops for a time; times in milliseconds. */
export async function drive(clients: number, forMs: number, act: (client: number) => Promise<void>): Promise<Timing> {
  const times: number[] = []
  const began = performance.now()
  const until = began + forMs
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      while (performance.now() < until) {
        const start = performance.now()
        await act(client)
        times.push(performance.now() - start)
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  return {
    perSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    count: times.length,
  }
}
