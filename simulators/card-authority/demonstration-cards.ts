// The cards of a demonstration: two of people it knows, and some that are refused, each for its own reason.
import { readPeople } from '../people.ts'
import type { CardWishes } from './authority.ts'

const PROFESSIONS: Record<string, string> = { '10': 'Médecin', '50': 'Sage-Femme', '60': 'Infirmier' }

export type DemonstrationCard = CardWishes & { file: string; holder: string }

export function demonstrationCards(): DemonstrationCard[] {
  const [first, , third] = readPeople().practitioners
  const ofPerson = (person: NonNullable<typeof first>, file: string): DemonstrationCard => {
    const code = person.exercices?.[0]?.profession ?? ''
    return {
      file,
      holder: `${person.shownName} (CPS)`,
      nationalId: person.nationalId,
      familyName: person.familyName,
      givenName: person.givenName,
      profession: code ? { code: Number(code), label: PROFESSIONS[code] ?? 'Professionnel' } : null,
    }
  }
  const doctor = ofPerson(first!, 'cps-medecin')
  return [
    doctor,
    ofPerson(third!, 'cps-sage-femme'),
    { ...doctor, file: 'cps-medecin-signature', holder: `${first!.shownName}, signature (refused)`, use: 'signature' },
    {
      file: 'cpe-inconnue',
      holder: 'Carte CPE d’une inconnue (refused)',
      nationalId: '3990000001/CPET99999',
      familyName: 'INCONNUE',
      givenName: 'FICTIVE',
      product: 2,
      structure: { id: '1990000001', name: 'CENTRE FICTIF' },
    },
  ]
}
