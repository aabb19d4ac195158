import type { Clock } from '../../platform/clock.ts'
import { statement } from '../../platform/database/database.ts'
import { reference } from '../../platform/identifiers.ts'
import { cursorOf, readCursor } from '../../platform/keyset.ts'
import { personName } from '../../platform/person-name.ts'
import { heldBoxes } from '../../platform/sessions/holds.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { Vault } from '../../platform/vault/vault.ts'
import type { ExchangeRow } from './contract.ts'
import { draftHeld, keepers } from './drafts-held.ts'
import { type Folder, PAGE_SIZE, type Side } from './limits.ts'
import type { Parts } from './parts.ts'
import { NOTICE } from './read-exchange.ts'
import type { Awaits, State } from './rules.ts'
import { exchangeKey, openHeader, type SealedExchange } from './sealing.ts'

export type Counters = { todo: number; waiting: number; drafts: number; closed: number }
type CounterRow = { n_todo: number; n_waiting: number; n_drafts: number; n_closed: number }

/** Counted up to this: more is shown as « 99+ », and no hot row is needed to keep the count. */
const COUNTED = 100

const WHO = { person: '$1', at: '$2', boxes: '$3' }
/** SQL: boxes among $3 that person $1 holds at $2, with the motifs where not all. */
const HELD_BOXES = heldBoxes({ ...WHO, scope: 'headers' })
/** SQL: entry `e` is of a motif that is held; where all are, nothing is looked up. */
const MOTIF_HELD = `(held_.motifs is null or exists (select from medical.exchange y
  where y.organism_id = e.organism_id and y.exchange_id = e.exchange_id and y.motif = any (held_.motifs)))`
const unreadIn = (folder: Folder) =>
  `(select count(*)::int from (select 1 from held_ join medical.box_entry e using (box_id)
     where e.folder = '${folder}' and e.unread and ${MOTIF_HELD} limit ${COUNTED}) as n) as n_${folder}`
const COUNTS = `${unreadIn('todo')}, ${unreadIn('waiting')}, ${unreadIn('closed')},
  (select count(*)::int from (select 1 from medical.draft d where ${draftHeld({ ...WHO, keepers: '$4' })} limit ${COUNTED}) as n) as n_drafts`

const COUNT = statement('exchanges.count', `with held_ as (${HELD_BOXES}) select ${COUNTS}`)

type Row = SealedExchange &
  CounterRow & {
    side: Side
    motif: string
    motif_label: string
    state: State
    awaits: Awaits
    unread: boolean
    since: Date
    practitioner_name: string
    profession: string
    place: string
    organism: string
    notice: ExchangeRow['notice']
  }

// A page is one range of the index per box held, then the first of them all; the counters come along.
const LIST = statement(
  'exchanges.list',
  `with held_ as (${HELD_BOXES}), counters_ as (select ${COUNTS})
   select c.*, page_.side, page_.unread, page_.last_activity_at as since, x.organism_id, x.exchange_id, x.key_id, x.data_key,
     x.header, x.motif, m.label as motif_label, x.state, x.awaits, ${personName('w')} as practitioner_name,
     a.profession, a.name as place, o.name as organism, ${NOTICE} as notice
   from counters_ c left join (
     select e.* from held_ cross join lateral (
       select * from medical.box_entry e where e.box_id = held_.box_id and e.folder = $5
         and (e.last_activity_at, e.exchange_id) < ($6::timestamptz, $7::uuid) and ${MOTIF_HELD}
       order by e.last_activity_at desc, e.exchange_id desc limit ${PAGE_SIZE + 1}) as e
     order by e.last_activity_at desc, e.exchange_id desc limit ${PAGE_SIZE + 1}) as page_ on true
   left join medical.exchange x on x.organism_id = page_.organism_id and x.exchange_id = page_.exchange_id
   left join portal.person w on w.person_id = x.practitioner
   left join portal.box b on b.box_id = x.practice_box
   left join portal.activity a on a.activity_id = b.activity_id
   left join portal.organism o on o.organism_id = x.organism_id
   left join portal.motif m on m.code = x.motif
   order by page_.last_activity_at desc, page_.exchange_id desc`,
)

/** The first four parameters of both. */
const who = (principal: Principal, clock: Clock) => [
  principal.personId,
  clock.now(),
  principal.boxes,
  keepers(principal),
]

/** The counters of the folders of every box held. */
export async function countExchanges({ database, clock }: Parts, principal: Principal): Promise<Counters> {
  const [row] = await database.medical.run<CounterRow>(COUNT, who(principal, clock))
  return counters(row!)
}

/**
 * One page of a folder, newest first, over every box the person holds.
 * @param cursor `next` of the page before; a cursor that cannot be read begins at the top
 */
export async function listExchanges(
  { database, vault, clock }: Parts,
  principal: Principal,
  folder: Folder,
  cursor?: string,
): Promise<{ rows: ExchangeRow[]; next: string | null; counters: Counters }> {
  const from = readCursor(cursor, 'last')
  const found = await database.medical.run<Row>(LIST, [...who(principal, clock), folder, from.at, from.id])
  const page = found.filter((row) => row.exchange_id !== null)
  const shown = page.slice(0, PAGE_SIZE)
  const last = shown.at(-1)
  return {
    rows: await Promise.all(shown.map((row) => present(vault, row))),
    next: page.length > PAGE_SIZE && last ? cursorOf(last.since, last.exchange_id) : null,
    counters: counters(found[0]!),
  }
}

async function present(vault: Vault, row: Row): Promise<ExchangeRow> {
  const { subject, patient } = openHeader(vault, await exchangeKey(vault, row), row)
  return {
    exchangeId: row.exchange_id,
    reference: reference(row.exchange_id),
    motif: { code: row.motif, label: row.motif_label },
    subject,
    patient: {
      displayName: `${patient.firstName} ${patient.lastName}`,
      birthDate: patient.birthDate,
      provisional: patient.provisional,
    },
    practitioner: { displayName: row.practitioner_name, profession: row.profession, place: row.place },
    organism: row.organism,
    state: row.state,
    awaits: row.awaits,
    unread: row.unread,
    since: row.since.toISOString(),
    notice: row.notice,
  }
}

const counters = (row: CounterRow): Counters => ({
  todo: row.n_todo,
  waiting: row.n_waiting,
  drafts: row.n_drafts,
  closed: row.n_closed,
})
