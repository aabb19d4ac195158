// The life of an exchange, pure: states, who is awaited, who may do what. The statements ask for the same states.
import type { Folder, Side } from './limits.ts'

export type State = 'sent' | 'answered' | 'inProgress' | 'closed'
export type Awaits = Side | 'nobody'
export type Act = 'write' | 'close'
export type Situation = { state: State; awaits: Awaits }

/**
 * sent: opened by its first message, not answered yet · answered: the other side has written · inProgress: the side that
 * opened it has written again since · closed. Each act, by side: the states it is allowed in (DESIGN.md part 1).
 */
export const ALLOWED: Record<Act, Record<Side, readonly State[]>> = {
  write: { practice: ['sent', 'answered', 'inProgress'], desk: ['sent', 'answered', 'inProgress'] },
  close: { practice: [], desk: ['sent', 'answered', 'inProgress'] },
}

export const other = (side: Side): Side => (side === 'practice' ? 'desk' : 'practice')

/** Situation of an exchange opened by a side: the other one is awaited. */
export const opened = (by: Side): Situation => ({ state: 'sent', awaits: other(by) })

export const may = (situation: Situation, act: Act, side: Side): boolean => ALLOWED[act][side].includes(situation.state)

/**
 * What an act makes of a situation, or null when it is not allowed. Writing when one is awaited answers; writing again
 * in one's own turn adds to what was said and changes nothing else.
 */
export function after(situation: Situation, act: Act, side: Side): Situation | null {
  if (!may(situation, act, side)) return null
  if (act === 'close') return { state: 'closed', awaits: 'nobody' }
  if (situation.awaits !== side) return situation
  // Advisers answer; a practitioner's word after an answer puts the exchange back in progress.
  return { state: side === 'desk' ? 'answered' : 'inProgress', awaits: other(side) }
}

/** The folder an exchange lies in on a side: À traiter, En cours, Clos. */
export function folderOf(awaits: Awaits, side: Side): Folder {
  if (awaits === 'nobody') return 'closed'
  return awaits === side ? 'todo' : 'waiting'
}
