// While a session of an insurer's person lasts, their provider is asked again whether they still are who they were, so
// that a role taken away there applies here at the next request, within the issuer's `recheckSeconds`.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { statement } from '../../platform/database/database.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN } from '../../platform/trace/trace.ts'
import { enrolStaff } from './enrol-staff.ts'
import type { IdentityProvider } from './identity-providers.ts'
import { judgeStaff } from './judge-staff.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { openRefreshToken, sealRefreshToken } from './sealed-tokens.ts'
import { withdrawStaff } from './withdraw-staff.ts'

/** A provider that says nothing is borne this long past its turn; what was true then goes on meanwhile. */
export const GRACE_MS = 5 * 60_000
/** A silent provider is left alone for this long, so that not every request waits for it. */
const LEFT_ALONE_MS = 10_000
/** Longer than a provider may take (5 s): after that whoever asked has died. */
const ASKING_MS = 8_000

/** How far apart the clocks of two servers may stand; a claim further ahead was made before a clock was put back. */
const SKEW_MS = 60_000

const CLAIM = statement(
  'accounts.claim-recheck',
  `update portal.session s set asking_until = $3 from portal.person p
   where s.id_hash = $1 and s.checked_at = $2 and (s.asking_until is null or s.asking_until <= $4 or s.asking_until > $5)
     and p.person_id = s.person_id
   returning s.sealed_refresh_token as token, p.subject`,
)
const KEEP = statement(
  'accounts.keep-refresh-token',
  'update portal.session set sealed_refresh_token = $2 where id_hash = $1',
)
const DONE = statement(
  'accounts.recheck-done',
  'update portal.session set checked_at = coalesce($2, checked_at), asking_until = null where id_hash = $1',
)
const WAIT = statement(
  'accounts.recheck-wait',
  'select checked_at as "checkedAt", asking_until as "askingUntil" from portal.session where id_hash = $1',
)

type Outcome = 'renewed' | 'over' | 'silent'

/**
 * The principal as their provider sees them now; null when it vouches for them no more, and the session is over.
 * @param tolerant true for what opens nothing by a role (who is signed in, signing out): a silent provider stops nobody there
 * @throws Refusal `identity-provider-unavailable` when the provider has said nothing for longer than is borne
 */
export type Recheck = (principal: Principal, tolerant: boolean) => Promise<Principal | null>

export function createRecheck(parts: Parts, log: Logger): Recheck {
  const underWay = new Map<string, Promise<Outcome>>()
  const leftAlone = new Map<string, number>()

  return async (principal, tolerant) => {
    const { checkedAt } = principal
    const provider = checkedAt && parts.providers.get(principal.realm)
    if (!checkedAt || !provider || provider.recheckSeconds === 0) return principal
    // A clock that was put back would otherwise put the question off for as long.
    const age = Math.abs(parts.clock.now().getTime() - checkedAt.getTime())
    if (age < provider.recheckSeconds * 1000) return principal
    const outcome = await ask(provider, principal, checkedAt)
    if (outcome === 'renewed') return parts.sessions.findAgain(principal)
    if (outcome === 'over') return null
    if (tolerant || age < provider.recheckSeconds * 1000 + GRACE_MS) return principal
    throw refuse('identity-provider-unavailable')
  }

  /** Requests that come together ask once: a refresh token serves a single time. */
  function ask(provider: IdentityProvider, principal: Principal, checkedAt: Date): Promise<Outcome> {
    const silentAt = leftAlone.get(provider.issuerId)
    if (silentAt !== undefined && Math.abs(parts.clock.now().getTime() - silentAt) < LEFT_ALONE_MS)
      return Promise.resolve('silent')
    const already = underWay.get(principal.sessionId)
    if (already) return already
    const asking = askOnce(provider, principal, checkedAt).finally(() => underWay.delete(principal.sessionId))
    underWay.set(principal.sessionId, asking)
    return asking
  }

  async function askOnce(provider: IdentityProvider, principal: Principal, checkedAt: Date): Promise<Outcome> {
    const { database, clock, vault, providers } = parts
    const now = clock.now()
    const until = new Date(now.getTime() + ASKING_MS)
    const [claimed] = await database.administrative.run<{ token: Buffer; subject: string }>(CLAIM, [
      principal.idHash,
      checkedAt,
      until,
      now,
      new Date(until.getTime() + SKEW_MS),
    ])
    if (!claimed) return await others(principal, checkedAt)
    let outcome: Outcome = 'silent'
    try {
      const renewal = await providers.renew(provider, {
        refreshToken: await openRefreshToken(vault, principal.personId, claimed.token),
        subject: claimed.subject,
        async keep(refreshToken) {
          const sealed = await sealRefreshToken(vault, principal.personId, refreshToken)
          await database.administrative.run(KEEP, [principal.idHash, sealed])
        },
      })
      if (renewal === 'silent') {
        leftAlone.set(provider.issuerId, clock.now().getTime())
        log.warn(
          { issuer: provider.issuerId },
          'the identity provider does not answer; open sessions go on for a while',
        )
      } else if (renewal === 'refused') {
        await parts.sessions.close(
          principal,
          entry(clock, PORTAL_CHAIN, traceActor(principal), { type: 'session.closed', reason: 'notRenewed' }),
        )
        outcome = 'over'
      } else outcome = await apply(provider, principal, claimed.subject, renewal.userinfo)
    } finally {
      if (outcome !== 'over')
        await database.administrative.run(DONE, [principal.idHash, outcome === 'renewed' ? clock.now() : null])
    }
    return outcome
  }

  /** What the provider says now, for every session of the person. */
  async function apply(
    provider: IdentityProvider,
    principal: Principal,
    subject: string,
    userinfo: unknown,
  ): Promise<Outcome> {
    const { issuerId } = provider
    const actor = traceActor(principal)
    const judged = judgeStaff(parts.organisms, provider, userinfo)
    if (judged.refusal !== undefined) {
      parts.live.lookAt(await withdrawStaff(parts, { issuerId, subject, actor }))
      return 'over'
    }
    const { identity, role, organismIds } = judged
    const same = role.role === principal.role && `${organismIds}` === `${[...principal.organismIds].sort()}`
    if (!same) parts.live.lookAt((await enrolStaff(parts, { issuerId, identity, role, organismIds, actor })).touched)
    return 'renewed'
  }

  /** Another server asks at this moment: its answer is waited for. */
  async function others(principal: Principal, checkedAt: Date): Promise<Outcome> {
    for (const deadline = performance.now() + ASKING_MS; performance.now() < deadline; await sleep(50)) {
      const [row] = await parts.database.administrative.run<{ checkedAt: Date; askingUntil: Date | null }>(WAIT, [
        principal.idHash,
      ])
      if (!row) return 'over'
      if (row.checkedAt.getTime() !== checkedAt.getTime()) return 'renewed'
      if (row.askingUntil === null) return 'silent'
    }
    return 'silent'
  }
}
