import { statement } from '../../platform/database/database.ts'
import type { Refusal } from '../../platform/http/problem.ts'
import { mailCte, mailValues } from '../../platform/outbox/outbox.ts'
import { nobody } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'

// One statement whoever it is about: the mail leaves only when somebody's account has just been locked ($1).
const WRITE = statement(
  'passwords.refuse-try',
  `with one_ as (select 1), locked_ as (select 1 where $1::boolean), ${mailCte(2, 'locked_')}, ${traceCte(8, 'one_')}
   select 1 from lane_`,
)

/**
 * Notes a try that failed, and gives the refusal. The one that locks tells the holder by mail.
 * @param input.personId null where nobody has the identifier, or no password
 */
export async function refuseTry(
  { database, clock, outbox }: Pick<Parts, 'database' | 'clock' | 'outbox'>,
  input: { personId: string | null; code: 'password-wrong' | 'second-factor-wrong'; last: boolean },
): Promise<Refusal> {
  const { personId, code, last } = input
  const locked = last && personId !== null
  const event = locked
    ? ({ type: 'password.locked', subject: personId, by: code } as const)
    : ({ type: 'password.refused', subject: personId, code } as const)
  await database.administrative.run(WRITE, [
    locked,
    ...mailValues(clock, { kind: 'password-locked', personId }),
    ...traceValues(entry(clock, PORTAL_CHAIN, nobody, event)),
  ])
  if (locked) outbox.wake()
  return refuse(last ? 'password-locked' : code)
}
