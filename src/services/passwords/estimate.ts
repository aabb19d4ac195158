// The estimator's own thread: its lists weigh some megabytes, and one estimate may take a quarter of a second, which no
// other request must wait for.
import { parentPort } from 'node:worker_threads'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import * as common from '@zxcvbn-ts/language-common'
import * as french from '@zxcvbn-ts/language-fr'

export type Question = { id: number; password: string; own: string[] }
export type Estimate = { id: number; score: number; common: boolean; warning: string | null }

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...french.dictionary },
  graphs: common.adjacencyGraphs,
  translations: french.translations,
})

parentPort?.on('message', ({ id, password, own }: Question) => {
  const { score, feedback, sequence } = zxcvbn.check(password, own)
  const [first] = sequence
  const answer: Estimate = {
    id,
    score,
    // The whole of it stands in a list of passwords that leaked.
    common: sequence.length === 1 && String(first?.dictionaryName ?? '').startsWith('passwords'),
    warning: feedback.warning,
  }
  parentPort?.postMessage(answer)
})
