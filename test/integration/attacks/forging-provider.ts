// An identity provider that has turned bad, or whom somebody speaks for: answers whatever a test wants it to.
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { listen } from '../../../simulators/listen.ts'
import { readPeople } from '../../../simulators/people.ts'
import { identityClaims, subjectOf, userinfoClaims } from '../../../simulators/pro-sante-connect/claims.ts'

export const CLIENT = { id: 'consilium-attaque', secret: 'secret-of-an-attack-of-no-value-000' }
type Key = Awaited<ReturnType<typeof generateKeyPair>>

/** What an honest provider would answer, and with what. */
export type Honest = {
  claims: JWTPayload
  userinfo: Record<string, unknown>
  own: Key
  foreign: Key
  sign(claims: JWTPayload, key?: Key, header?: Record<string, unknown>): Promise<string>
}
/** The ID token (none with null), and the answer of userinfo where it differs. */
export type Forgery = (
  honest: Honest,
) => Promise<{ idToken: string | null; userinfo?: Record<string, unknown>; more?: Record<string, unknown> }>

export type ForgingProvider = {
  issuer: string
  discovery: string
  /** What the next sign-in is answered with. */
  forge: Forgery
  /** Signs as it does its ID tokens. */
  sign: Honest['sign']
  foreign: Key
  close(): Promise<void>
}

export const honestly: Forgery = async ({ claims, sign }) => ({ idToken: await sign(claims) })

export async function startForgingProvider(port: number): Promise<ForgingProvider> {
  const issuer = `http://localhost:${port}/realm`
  const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
  const person = readPeople().practitioners.find(({ role }) => role === 'Sage-femme')!
  const nonces = new Map<string, string>()
  let told: Record<string, unknown> = {}
  const sign: Honest['sign'] = (claims, key = own, header = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'own', ...header }).sign(key.privateKey)

  async function answer(url: URL, body: string): Promise<{ status?: number; location?: string; json?: unknown }> {
    switch (url.pathname) {
      case '/realm/.well-known/wallet-openid-configuration':
        return {
          json: {
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            userinfo_endpoint: `${issuer}/userinfo`,
            jwks_uri: `${issuer}/keys`,
            response_types_supported: ['code'],
            subject_types_supported: ['public'],
            id_token_signing_alg_values_supported: ['RS256'],
            authorization_response_iss_parameter_supported: true,
          },
        }
      case '/realm/keys':
        return { json: { keys: [{ ...(await exportJWK(own.publicKey)), kid: 'own', use: 'sig', alg: 'RS256' }] } }
      case '/realm/authorize': {
        const code = crypto.randomUUID()
        nonces.set(code, url.searchParams.get('nonce')!)
        const back = new URL(url.searchParams.get('redirect_uri')!)
        back.search = String(new URLSearchParams({ code, state: url.searchParams.get('state')!, iss: issuer }))
        return { status: 302, location: back.href }
      }
      case '/realm/token': {
        const now = Math.floor(Date.now() / 1000)
        const claims = {
          ...identityClaims(person),
          ...{ iss: issuer, aud: CLIENT.id, sub: subjectOf(person), iat: now, exp: now + 120, auth_time: now },
          ...{
            nonce: nonces.get(new URLSearchParams(body).get('code')!)!,
            acr: 'eidas1',
            authMode: 'CARD',
            sid: 'one',
          },
        }
        const userinfo = userinfoClaims(person, { means: 'CARD', acr: 'eidas1' }) as Record<string, unknown>
        const forged = await forging.forge({ claims, userinfo: { ...userinfo, sub: claims.sub }, own, foreign, sign })
        told = forged.userinfo ?? { ...userinfo, sub: claims.sub }
        const tokens = { access_token: 'of-no-value', token_type: 'Bearer', expires_in: 120, ...forged.more }
        return { json: forged.idToken === null ? tokens : { ...tokens, id_token: forged.idToken } }
      }
      case '/realm/userinfo':
        return { json: told }
    }
    return { status: 404, json: {} }
  }

  const running = await listen((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', async () => {
      const { status, location, json } = await answer(new URL(request.url!, issuer), Buffer.concat(chunks).toString())
      response.writeHead(status ?? 200, location ? { location } : { 'content-type': 'application/json' })
      response.end(json === undefined ? '' : JSON.stringify(json))
    })
  }, port)
  const forging: ForgingProvider = {
    issuer,
    discovery: `${issuer}/.well-known/wallet-openid-configuration`,
    forge: honestly,
    sign,
    foreign,
    close: () => running.close(),
  }
  return forging
}
