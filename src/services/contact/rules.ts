// The life of a general message, pure: which act is allowed in which state. The statements ask for the same states.
import type { InquiryState } from './contract.ts'

export type Act = 'take' | 'answer' | 'redirect' | 'return' | 'close'

/**
 * sent: nobody has it in hand · taken: an agent has · answered · returned: found medical, back to its author ·
 * closed. Taking again takes over from a colleague.
 */
export const ALLOWED: Record<Act, readonly InquiryState[]> = {
  take: ['sent', 'taken', 'answered'],
  answer: ['sent', 'taken', 'answered'],
  redirect: ['sent', 'taken'],
  return: ['sent', 'taken', 'answered'],
  close: ['sent', 'taken', 'answered'],
}

export const may = (state: InquiryState, act: Act): boolean => ALLOWED[act].includes(state)
