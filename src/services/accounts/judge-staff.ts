// What an insurer's provider says of somebody → who they are here, at a sign-in and each time it is asked again.
import { type AssertedStaff, readStaff } from './claims.ts'
import type { IdentityProvider } from './identity-providers.ts'
import type { OrganismLookup } from './parts.ts'
import { readRoles, type StaffRole } from './roles.ts'

export type StaffJudgement =
  | { identity: AssertedStaff; role: StaffRole; organismIds: string[]; refusal?: undefined }
  | {
      identity: AssertedStaff | null
      refusal: 'sign-in-refused' | 'role-unknown' | 'roles-on-both-sides' | 'role-refused'
    }

export function judgeStaff(
  organisms: OrganismLookup,
  provider: Pick<IdentityProvider, 'claims' | 'roles' | 'organisms'>,
  userinfo: unknown,
): StaffJudgement {
  const identity = readStaff(userinfo, provider.claims)
  if (!identity) return { identity, refusal: 'sign-in-refused' }
  const { role, refusal } = readRoles(identity.roles, provider.roles)
  if (refusal) return { identity, refusal }
  // A provider speaks for its own organisms only, whatever it asserts; merged caisses lead to their successor.
  const organismIds = identity.organisms
    .filter((organismId) => provider.organisms.includes(organismId))
    .flatMap((organismId) => organisms.resolve(organismId)?.organismId ?? [])
  const distinct = [...new Set(organismIds)].sort()
  if (role.desk && distinct.length === 0) return { identity, refusal: 'role-refused' }
  return { identity, role, organismIds: distinct }
}
