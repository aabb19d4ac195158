/** Where writers stop between two acts, so that everything can be looked at while nothing moves. */
export type Gate = {
  /** Called by a writer before each act. @throws Ended once the campaign is over */
  pass(): Promise<void>
  /** Called by a writer that writes no more. */
  leave(): void
  /** Resolves when every writer has finished its act and waits. */
  shut(timeoutMs: number): Promise<void>
  open(): void
  /** Every writer that passes, or asks, ends. */
  end(): void
  readonly ended: boolean
}

export class Ended extends Error {}

export function createGate(writers: number): Gate {
  let present = writers
  const waiting: { go(): void; stop(fault: Ended): void }[] = []
  let state: 'open' | 'shut' | 'ended' = 'open'
  let allIn: (() => void) | undefined
  const look = () => {
    if (state === 'shut' && waiting.length === present) allIn?.()
  }
  return {
    get ended() {
      return state === 'ended'
    },
    async pass() {
      if (state === 'ended') throw new Ended()
      if (state === 'open') return
      await new Promise<void>((go, stop) => {
        waiting.push({ go, stop })
        look()
      })
    },
    leave() {
      present--
      look()
    },
    shut(timeoutMs) {
      state = 'shut'
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${present - waiting.length} writers still wait for an answer`)),
          timeoutMs,
        )
        allIn = () => {
          clearTimeout(timer)
          resolve()
        }
        look()
      })
    },
    open() {
      state = 'open'
      for (const { go } of waiting.splice(0)) go()
    },
    end() {
      state = 'ended'
      for (const { stop } of waiting.splice(0)) stop(new Ended())
    },
  }
}
