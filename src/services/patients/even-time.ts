// Answers that must not be told apart leave at the same marks, whatever the work behind them took.
import { setTimeout as sleep } from 'node:timers/promises'

/** Longer than the difference between a directory that finds and one that does not. */
const STEP_MS = 150

/** Waits until a whole number of steps has passed since the start (`performance.now()`). */
export async function evenTime(started: number): Promise<void> {
  const passed = performance.now() - started
  await sleep(Math.ceil(passed / STEP_MS) * STEP_MS - passed)
}
