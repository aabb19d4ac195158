// Finds dates of birth: said to be one, so old that it can hardly be anything else, or standing beside a person.
import { datesOf, type WrittenDate } from './dates.ts'
import type { Place } from './social-security-numbers.ts'

/** Older days are seldom those of an administrative matter. */
const OLD = 1985

const BORN =
  /(?:\bnee?s?(?: en france)?(?: ?\(e\))?(?: ?(?:le|en|un|une|l[ea] date du|:))?|\bddn|\bd\.d\.n\.?|\bdn|\bdate de naiss(?:ance)?|\bnaiss(?:ance)?(?: le)?|\bnaissance(?: du)?|\banniv(?:ersaire)?\.?(?: le)?|\bans le|\bans depuis le|\bmajeure? (?:le|depuis le)|°)[ :.,=(-]*$/
const PERSON_BEFORE =
  /\b(?:dame|monsieur|patiente?|pat|pt|pte|enfant|bebe|nourrisson|fille|garcon|fils|homme|femme|jumeaux|jumelles|mamie|papi|papy|ado|assuree?|beneficiaire|benef|identite|ddn|sexe [mfh]|f|h)[ ,.:(/-]*(?:du |de |le |ne |nee |l')*$/
const MATTER_BEFORE =
  /\b(?:arrete|loi|decret|ordonnance|convention|conventionnee?|avenant|circulaire|directive|accord|installee?|installation|diplomee?|diplome|depuis|these|courrier|lettre|version|contrat|bail|inscrite?|inscription|agrement|autorisation|statuts|creation|creee?|ouverte?|ouverture|reglement|instruction|jo|article|jugement|decision|arret|affiliation|affiliee?|debut|carriere|exerce|exercice|doctorat|nomenclature|facture|facturation|acte|actes|soins?|seance|seances|consultation|visite|virement|lot|releve|cotisation|fin|echeance|jusqu'au|avant|des|partir)\b[^.!?\n]{0,28}$/

export function findBirthDates(flat: string, taken: Place[], names: Place[]): Place[] {
  const found: Place[] = []
  for (const date of datesOf(flat)) {
    if (taken.some((place) => date.start < place.end && date.end > place.start)) continue
    if (isBirth(flat, date, names)) found.push({ start: date.start, end: date.end })
  }
  for (const match of flat.matchAll(/\bnee? en (?:19[0-9]{2}|20[0-2][0-9])\b/g)) {
    const start = match.index
    if (found.every((other) => start >= other.end || start + match[0].length <= other.start))
      found.push({ start, end: start + match[0].length })
  }
  return found.sort((a, b) => a.start - b.start)
}

function isBirth(flat: string, date: WrittenDate, names: Place[]): boolean {
  const before = flat.slice(Math.max(0, date.start - 60), date.start)
  if (BORN.test(before) && !/°[ :]*$/.test(before)) return true
  const nameBefore = names.some(
    (name) =>
      name.end <= date.start && /^[ ,.:;(/\-"_=]*(?:nee? )?(?:le |du )?$/.test(flat.slice(name.end, date.start)),
  )
  if (nameBefore) return true
  const nameNear = names.some((name) => name.end <= date.start && date.start - name.end < 24)
  if (date.bare) return nameNear
  if (PERSON_BEFORE.test(before)) return true
  if (date.year > OLD) return false
  if (date.shortYear && date.year >= 2000) return false
  return !MATTER_BEFORE.test(before)
}
