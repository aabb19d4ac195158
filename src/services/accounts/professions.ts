// Labels of the codes that Pro Santé Connect asserts.
import { readFileSync } from 'node:fs'

export type Labels = {
  professions: Record<string, string>
  skills: Record<string, string>
  sectors: Record<string, string>
}

export function readLabels(): Labels {
  return JSON.parse(
    readFileSync(new URL('../../../data/reference/professions.json', import.meta.url), 'utf8'),
  ) as Labels
}
