import { statement } from '../../platform/database/database.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import { AGENT } from './access.ts'
import { objetName } from './names.ts'
import type { Parts } from './parts.ts'

const DAYS = 30

const COUNT = statement(
  'contact.statistics',
  `with seen_ as (
     select x.* from contact.inquiry x where x.organism_id = any ($2::text[]) and x.sent_at >= $3 and ${AGENT}),
   first_ as (
     select extract(epoch from a.sent_at - s.sent_at) / 3600 as hours
     from seen_ s join contact.answer a on a.inquiry_id = s.inquiry_id and a.seq = 1)
   select
     coalesce((select jsonb_agg(jsonb_build_object('objet', objet, 'received', n, 'answered', answered, 'returned', returned)
         order by n desc, objet)
       from (select objet, count(*) as n, count(*) filter (where answers > 0) as answered,
           count(*) filter (where state = 'returned') as returned from seen_ group by objet) as o), '[]') as "byObjet",
     (select count(*)::int from contact.inquiry x where x.organism_id = any ($2::text[]) and x.state in ('sent', 'taken')
       and ${AGENT}) as waiting,
     (select round(percentile_cont(0.5) within group (order by hours)::numeric, 1)::float from first_) as "medianHours"`,
)

type Row = {
  byObjet: { objet: string; received: number; answered: number; returned: number }[]
  waiting: number
  medianHours: number | null
}

/** What came to the agent's organismes over the last thirty days, without any content. */
export async function readStatistics({ database, clock, reference }: Parts, principal: Principal) {
  const since = new Date(clock.now().getTime() - DAYS * 24 * 3_600_000)
  const [row] = await database.administrative.run<Row>(COUNT, [principal.personId, principal.organismIds, since])
  return {
    since: since.toISOString(),
    byObjet: row!.byObjet.map(({ objet, ...counts }) => ({ objet: objetName(reference, objet), ...counts })),
    waiting: row!.waiting,
    medianHours: row!.medianHours,
  }
}
