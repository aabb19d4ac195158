// A logout token as OpenID Connect Back-Channel Logout 1.0 has it (parts 2.4 and 2.6): it looks like an ID token, and
// neither may be taken for the other.
import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'

export type LogoutToken = { jti: string; sid: string | null; sub: string | null; expiresAt: Date }

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** It tells of something that has just happened. */
const MAX_AGE_S = 120
/** Clocks of two servers. */
const TOLERANCE_S = 15
/** Signed by the provider's own key: never « none », never a secret that both know. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** @throws when it is not a logout token of this issuer, for this client, of these last two minutes */
export async function readLogoutToken(
  token: string,
  expected: { issuer: string; clientId: string; keys: JWTVerifyGetKey; now: Date },
): Promise<LogoutToken> {
  const { payload, protectedHeader } = await jwtVerify(token, expected.keys, {
    issuer: expected.issuer,
    audience: expected.clientId,
    algorithms: ALGORITHMS,
    requiredClaims: ['iat', 'jti', 'events'],
    maxTokenAge: MAX_AGE_S,
    clockTolerance: TOLERANCE_S,
    currentDate: expected.now,
  })
  // The type is recommended only; another one is another kind of token.
  const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '')
  if (type !== undefined && type !== 'logout+jwt' && type !== 'jwt') throw new Error('another kind of token')
  if (!namesEvent(payload)) throw new Error('no event of sign-out')
  if ('nonce' in payload) throw new Error('an ID token, or made from one')
  const { jti } = payload
  const [sid, sub] = [textOf(payload.sid), textOf(payload.sub)]
  if (typeof jti !== 'string' || jti === '' || jti.length > 512) throw new Error('no usable jti')
  if (sid === null && sub === null) throw new Error('neither sid nor sub')
  return { jti, sid, sub, expiresAt: new Date((payload.iat! + MAX_AGE_S + 2 * TOLERANCE_S) * 1000) }
}

function namesEvent({ events }: JWTPayload): boolean {
  if (typeof events !== 'object' || events === null || Array.isArray(events) || !Object.hasOwn(events, EVENT))
    return false
  const event = (events as Record<string, unknown>)[EVENT]
  return typeof event === 'object' && event !== null && !Array.isArray(event)
}

/** @throws when it is there and no text: what cannot be understood must not widen what is closed */
function textOf(value: unknown): string | null {
  if (value === undefined) return null
  if (typeof value !== 'string' || value === '') throw new Error('a sid or a sub that is no text')
  return value
}
