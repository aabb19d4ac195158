// How a block of identification is said to the administrator.
import type { Answer } from '~/client/call.ts'

type Block = Answer<'GET /api/administration/identification-blocks'>['blocks'][number]

const CAUSES: Record<Block['cause'], string> = {
  run: 'Numéros voisins, les uns après les autres',
  unknown: 'Beaucoup de numéros inconnus',
  volume: 'Trop de demandes pour un usage ordinaire',
  night: 'Trop de demandes la nuit',
}
export const causeLabel = (cause: Block['cause']): string => CAUSES[cause]

const VIA: Record<string, string> = {
  psc: 'Pro Santé Connect',
  card: 'Carte',
  password: 'Mot de passe',
  organism: 'Fournisseur d’identité de l’organisme',
}
const MODES: Record<string, string> = { CARD: 'carte', MOBILE: 'e-CPS' }

/** « Pro Santé Connect, e-CPS » */
export function meansLabel({ via, authMode }: Pick<Block, 'via' | 'authMode'>): string {
  const mode = via === 'psc' ? (MODES[authMode] ?? authMode) : ''
  return [VIA[via] ?? via, mode].filter(Boolean).join(', ')
}

/** « 8 en un jour, dont 7 voisins » */
export function countSentence({ numbers, unknown, night, alike }: Block['counts']): string {
  const parts = [
    alike > 1 ? `${alike} voisins` : '',
    unknown > 0 ? `${unknown} inconnu${unknown > 1 ? 's' : ''}` : '',
    night > 0 ? `${night} la nuit` : '',
  ].filter(Boolean)
  return [`${numbers} en un jour`, parts.length > 0 ? `dont ${parts.join(', ')}` : ''].filter(Boolean).join(', ')
}
