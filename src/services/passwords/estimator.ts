// Hands passwords to the thread that estimates them. The thread is made at the first need and ends when it has been idle.
import { Worker } from 'node:worker_threads'
import type { Estimate, Question } from './estimate.ts'

/** Whoever is strong in as many characters is strong in more; what is looked at grows faster than its length. */
const LOOKED_AT = 64
const IDLE_MS = 60_000
const PATIENCE_MS = 10_000

export type Estimator = {
  /** @param own words of the person: names, identifier, address, place */
  estimate(password: string, own: string[]): Promise<Pick<Estimate, 'score' | 'common' | 'warning'>>
  close(): Promise<void>
}

export function createEstimator(): Estimator {
  let worker: Worker | null = null
  let asked = 0
  let idle: NodeJS.Timeout | undefined
  const waiting = new Map<number, { resolve(answer: Estimate): void; reject(fault: Error): void }>()

  function start(): Worker {
    const started = new Worker(new URL('./estimate.ts', import.meta.url))
    started.on('message', (answer: Estimate) => {
      waiting.get(answer.id)?.resolve(answer)
      waiting.delete(answer.id)
    })
    started.on('error', (fault) => end(fault as Error))
    // After the listeners, which hold the process again.
    started.unref()
    return started
  }
  async function end(fault: Error): Promise<void> {
    clearTimeout(idle)
    const ended = worker
    worker = null
    for (const { reject } of waiting.values()) reject(fault)
    waiting.clear()
    await ended?.terminate()
  }

  return {
    async estimate(password, own) {
      worker ??= start()
      clearTimeout(idle)
      idle = setTimeout(() => void end(new Error('the estimator was idle')), IDLE_MS)
      idle.unref()
      const question: Question = { id: ++asked, password: [...password].slice(0, LOOKED_AT).join(''), own }
      let patience: NodeJS.Timeout | undefined
      try {
        return await new Promise<Estimate>((resolve, reject) => {
          waiting.set(question.id, { resolve, reject })
          patience = setTimeout(() => void end(new Error('the estimator does not answer')), PATIENCE_MS)
          worker!.postMessage(question)
        })
      } finally {
        clearTimeout(patience)
      }
    },
    close: () => end(new Error('the estimator was closed')),
  }
}
