import { statement } from '../../platform/database/database.ts'
import { type Holder, holderById } from './holder.ts'
import { claimedLinkId, isTokenOf, type Link } from './link-token.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'

const FIND = statement(
  'passwords.find-link',
  `select link_id as "linkId", person_id as "personId" from portal.account_link
   where link_id = $1 and ended_at is null and expires_at > $2 and created_at <= $2`,
)

/** The link of a token that still serves, and whose it is. @throws Refusal `link-ended` */
export async function openLink(
  { database, clock, vault }: Pick<Parts, 'database' | 'clock' | 'vault'>,
  token: string,
): Promise<{ link: Link; holder: Holder }> {
  const [link] = await database.administrative.run<Link>(FIND, [claimedLinkId(token), clock.now()])
  if (!link || !(await isTokenOf(vault, token, link))) throw refuse('link-ended')
  return { link, holder: await holderById(database, link.personId) }
}
