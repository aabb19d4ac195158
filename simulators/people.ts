// The fictional people of data/demonstration/people.json, as the simulators read them.
import { readFileSync } from 'node:fs'

export type FictionalActivity = {
  mode: string
  sector: string
  structureId: string
  name: string
  finess: string
  number: string
  streetType: string
  street: string
  complement: string
  postalCode: string
  city: string
  phone: string
  email: string
}

export type FictionalExercice = {
  profession: string
  category: string
  civility: string
  skillType: string
  skill: string
  activities: FictionalActivity[]
}

export type FictionalPractitioner = {
  /** What the button says first; guides and tests of others rely on it. */
  role: string
  shownName: string
  nationalId: string
  rpps: string
  civility: string
  givenName: string
  familyName: string
  email: string
  /** Missing: a person of whom the sector knows nothing, no SubjectRefPro at all. An employee’s (CPE) has no profession. */
  exercices?: FictionalExercice[]
}

export type FictionalStaff = {
  role: string
  shownName: string
  staffId: string
  civility: string
  givenName: string
  familyName: string
  email: string
  /** One role or several, as the provider asserts them. */
  staffRole: string | string[]
  organisms: string[]
}

export type People = { practitioners: FictionalPractitioner[]; staff: FictionalStaff[] }

export function readPeople(): People {
  return JSON.parse(readFileSync(new URL('../data/demonstration/people.json', import.meta.url), 'utf8')) as People
}
