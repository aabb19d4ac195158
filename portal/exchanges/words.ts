// What the screens say of an exchange.
type Side = 'practice' | 'desk'
type Situation = { side: Side; awaits: Side | 'nobody' }

/** The state in words, for who reads it. */
export function stateInWords({ side, awaits }: Situation): string {
  if (awaits === 'nobody') return 'Clos'
  if (awaits === side) return 'En attente de votre réponse'
  return awaits === 'desk' ? 'En attente du service médical' : 'En attente du praticien'
}

/** The folder an exchange lies in, for who reads it. */
export function folderOf({ side, awaits }: Situation): 'todo' | 'waiting' | 'closed' {
  if (awaits === 'nobody') return 'closed'
  return awaits === side ? 'todo' : 'waiting'
}

/** A counter as a screen reader says it: « 3 non lus », « plus de 99 non lus », « 2 brouillons ». */
export function counterInWords(folder: string, count: number): string {
  const number = count > 99 ? 'plus de 99' : String(count)
  const many = count > 1 ? 's' : ''
  return folder === 'drafts' ? `${number} brouillon${many}` : `${number} non lu${many}`
}
