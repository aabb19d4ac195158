// The checks of a card, in their order (IDENTITY.md part 2.2): each has its own code, and the first that fails is told.
// Nothing of TLS here: a certificate that came through a reverse proxy is checked by the same lines.
import type { X509Certificate } from 'node:crypto'
import { type Authorities, type Authority, signed } from './authorities.ts'
import { type CardCertificate, readCertificate } from './certificate.ts'
import { plainSerial } from './der.ts'
import type { cardsProblems } from './problems.ts'
import type { RevocationList } from './revocation-list.ts'

export type CardRefusal = keyof typeof cardsProblems
/** Who holds the card, once it is worth asking whether they are known. */
export type CheckedCard = { certificate: CardCertificate; issuer: Authority; nationalId: string }
/** `serial` as far as the certificate could be read. */
export type Verdict = { card: CheckedCard } | { refusal: CardRefusal; serial: string }

/** CPS, CPF (in training) and CPE (TRE_G02); a CPA, and cards of a service, name nobody who may act here. */
const NOMINATIVE = new Set([0, 1, 2])
const ON_A_CARD = 0x80

/**
 * @param der what was presented; null when nothing was
 * @param ground.listOf the revocation list of an authority, already checked to be its own
 */
export function checkCard(
  der: Uint8Array | null,
  ground: { authorities: Authorities; listOf(authority: Authority): RevocationList | undefined; now: Date },
): Verdict {
  if (!der) return { refusal: 'card-missing', serial: '' }
  const certificate = readCertificate(der)
  if (!certificate) return { refusal: 'card-unreadable', serial: '' }
  const { serial } = certificate
  const refused = (refusal: CardRefusal): Verdict => ({ refusal, serial })

  const chain = chainOf(certificate, ground)
  if (!chain) return refused('card-authority-unknown')
  if (certificate.unknownCritical) return refused('card-unreadable')
  if (!isCurrent(certificate.x509, ground.now)) return refused('card-expired')

  // Every authority of the chain must have a list that still says something, the root's own included.
  const lists = chain.map((authority) => ground.listOf(authority))
  if (!lists.every((list) => list && saysSomething(list, ground.now))) return refused('card-revocation-unavailable')
  if (isRevoked({ issuer: chain[0], serial }, ground.listOf)) return refused('card-revoked')

  if (!certificate.forAuthentication) return refused('card-signature-certificate')
  // The same root signs organisations: to TLS they are as good as a person's.
  const [issuer] = chain
  if (!issuer.pinned) return refused('card-organisation')

  const { nationalId, familyName, givenName, product, support } = certificate
  const nominative = product !== null && NOMINATIVE.has(product) && nationalId && familyName && givenName
  if (!nominative || support !== ON_A_CARD) return refused('card-type-refused')
  return { card: { certificate, issuer, nationalId } }
}

/** Whether a certificate is in the list of who gave it, or its authority in the list of the root. */
export function isRevoked(
  { issuer, serial }: { issuer: Authority; serial: string },
  listOf: (authority: Authority) => RevocationList | undefined,
): boolean {
  const above = issuer.issuer && listOf(issuer.issuer)
  const authoritySerial = plainSerial(issuer.certificate.serialNumber)
  return listOf(issuer)?.revoked.has(serial) === true || above?.revoked.has(authoritySerial) === true
}

/** Who gave this certificate, and who stands behind them: ours both, whose own signatures were checked when read. */
function chainOf(
  { x509, isAuthority }: CardCertificate,
  { authorities, now }: { authorities: Authorities; now: Date },
): [issuer: Authority, root: Authority] | null {
  const issuer = authorities.all.find((one) => one.issuer && signed(x509, one.certificate))
  if (isAuthority || !issuer?.issuer) return null
  return [issuer, issuer.issuer].every(({ certificate }) => isCurrent(certificate, now))
    ? [issuer, issuer.issuer]
    : null
}

const isCurrent = ({ validFromDate, validToDate }: X509Certificate, now: Date) =>
  validFromDate <= now && now < validToDate

/** A list may be a little younger than our clock. */
const SKEW_MS = 5 * 60_000
const saysSomething = ({ thisUpdate, nextUpdate }: RevocationList, now: Date) =>
  thisUpdate.getTime() <= now.getTime() + SKEW_MS && now < nextUpdate
