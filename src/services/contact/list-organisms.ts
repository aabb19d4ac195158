import { statement } from '../../platform/database/database.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { OrganismRow } from '../organisms/contract.ts'
import { organismName } from './names.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'

// Whom this person wrote to last, and where they practise.
const OWN = statement(
  'contact.own-organisms',
  `select array(select organism_id from (select organism_id, max(sent_at) as last from contact.inquiry where person_id = $1
       group by organism_id order by last desc limit 5) as r) as recent,
     (select city from portal.activity where activity_id = $2) as city`,
)

/** The département of a post code, overseas and Corsica included; empty when the place has none. */
const departementOf = (city: string): string => {
  const code = /^(\d{5})\b/.exec(city)?.[1] ?? ''
  if (code.startsWith('97') || code.startsWith('98')) return code.slice(0, 3)
  if (code.startsWith('20')) return Number(code) < 20200 ? '2A' : '2B'
  return code.slice(0, 2)
}

/** Régimes and organismes that can be written to today, the objets, and one's own organismes: recent ones, then the place's. */
export async function listOrganisms({ database, organisms, reference, clock }: Parts, principal: Principal) {
  const [row] = await database.administrative.run<{ recent: string[]; city: string | null }>(OWN, [
    principal.personId,
    principal.activityId,
  ])
  const reachable = reachableOf(organisms)
  const departement = departementOf(row?.city ?? '')
  const near = departement
    ? reachable.filter((organism) => organism.regimeCode === '01' && organism.departement === departement)
    : []
  const own = [...new Set([...(row?.recent ?? []), ...near.map(({ organismId }) => organismId)])]
  const known = new Set(reachable.map(({ organismId }) => organismId))
  const codes = new Set(reachable.map(({ regimeCode }) => regimeCode))
  return {
    regimes: [...codes].sort().map((code) => ({ code, label: organisms.regime(code)?.label ?? code })),
    organisms: reachable.map(({ organismId, regimeCode }) => ({ ...organismName(organisms, organismId), regimeCode })),
    own: own.filter((organismId) => known.has(organismId)),
    objets: reference.offeredObjets(clock.now()).map(({ code, label }) => ({ code, label })),
  }
}

/** Where a general message can be passed on to. */
export const listDestinations = ({ organisms }: Pick<Parts, 'organisms'>) =>
  reachableOf(organisms).map(({ organismId }) => organismName(organisms, organismId))

/** Those that answer for themselves, and not only through a successor. */
const reachableOf = (organisms: Parts['organisms']): OrganismRow[] =>
  organisms.all().filter(({ organismId }) => organisms.resolve(organismId)?.organismId === organismId)

/** @throws Refusal `contact-organism-unknown` */
export function readCoordinates({ organisms, reference }: Parts, organismId: string) {
  const organism = organisms.resolve(organismId)
  if (!organism) throw refuse('contact-organism-unknown')
  return { organism: organismName(organisms, organism.organismId), ...reference.coordinates(organism) }
}
