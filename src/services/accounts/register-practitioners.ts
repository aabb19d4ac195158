import { readPractitioner } from './claims.ts'
import { enrolPractitioner } from './enrol-practitioner.ts'
import type { Parts } from './parts.ts'

/**
 * Makes practitioners known before they ever sign in, from claims as Pro Santé Connect gives them, so that an adviser
 * can write to them. Whoever is no professional, or has no place, is passed over.
 */
export async function registerPractitioners(
  parts: Pick<Parts, 'database' | 'clock' | 'labels'>,
  claims: unknown[],
): Promise<number> {
  let registered = 0
  for (const userinfo of claims) {
    const { identity } = readPractitioner(userinfo, parts.labels)
    if (!identity) continue
    await enrolPractitioner(parts, identity)
    registered++
  }
  return registered
}
