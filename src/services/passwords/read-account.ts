import { statement } from '../../platform/database/database.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { PasswordAccount } from './contract.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { isProven } from './prove-password.ts'

type Row = {
  identifier: string
  hasEmail: boolean
  setAt: Date | null
  everySignIn: boolean | null
  factors: { factorId: string; kind: 'passkey' | 'totp'; label: string; addedAt: string; lastUsedAt: string | null }[]
  recoveryCodesLeft: number
}

const READ = statement(
  'passwords.read-account',
  `select p.rpps as identifier, p.email is not null as "hasEmail", c.set_at as "setAt", c.every_sign_in as "everySignIn",
     coalesce((select jsonb_agg(jsonb_build_object('factorId', f.factor_id, 'kind', f.kind, 'label', f.label,
         'addedAt', f.added_at, 'lastUsedAt', f.last_used_at) order by f.added_at)
       from portal.second_factor f where f.person_id = p.person_id and f.confirmed_at is not null), '[]') as factors,
     (select count(*) from portal.recovery_code r where r.person_id = p.person_id and r.used_at is null)
       as "recoveryCodesLeft"
   from portal.person p left join portal.password_account c using (person_id) where p.person_id = $1`,
)
const SET_NOTICES = statement(
  'passwords.set-notices',
  `with set_ as (update portal.password_account set every_sign_in = $2 where person_id = $1 returning 1),
   ${traceCte(3, 'set_')} select 1 from lane_`,
)

/** One's own password account, as its page shows it. */
export async function readAccount(
  parts: Pick<Parts, 'database' | 'clock'>,
  principal: Principal,
): Promise<PasswordAccount> {
  const [row] = await parts.database.administrative.run<Row>(READ, [principal.personId])
  const { setAt, everySignIn, factors, ...rest } = row!
  const time = (text: string) => new Date(text).toISOString()
  return {
    ...rest,
    setAt: setAt?.toISOString() ?? null,
    everySignIn: everySignIn ?? false,
    factors: factors.map((factor) => ({
      ...factor,
      addedAt: time(factor.addedAt),
      lastUsedAt: factor.lastUsedAt && time(factor.lastUsedAt),
    })),
    proven: await isProven(parts, principal),
  }
}

/** @throws Refusal `password-none` */
export async function setNotices(
  { database, clock }: Parts,
  principal: Principal,
  everySignIn: boolean,
): Promise<void> {
  const trace = entry(clock, PORTAL_CHAIN, traceActor(principal), { type: 'sign-in-notices.set', every: everySignIn })
  const rows = await database.administrative.run(SET_NOTICES, [principal.personId, everySignIn, ...traceValues(trace)])
  if (rows.length === 0) throw refuse('password-none')
}
