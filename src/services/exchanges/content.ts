import type { z } from 'zod'
import type { DraftContent as Schema } from './contract.ts'

/** What a draft holds: motif, objet, text, and whom it is for on the desk’s side. */
export type DraftContent = z.infer<typeof Schema>
