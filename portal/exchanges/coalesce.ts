/**
 * Runs a refresh at once; demands that come while it runs make one more run after it, whatever their number, so that
 * the last thing shown is never older than the last demand.
 */
export function coalesced(refresh: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let again = false
  async function run(): Promise<void> {
    do {
      again = false
      await refresh()
    } while (again)
  }
  return () => {
    if (running) again = true
    else {
      running = run().finally(() => {
        running = undefined
      })
    }
    return running
  }
}
