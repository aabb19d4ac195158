// Where the attacks take place: a whole server, the real simulators of the identity providers, browsers in miniature.
import { startOrganismIdentity } from '../../../simulators/organism-identity/start.ts'
import { startProSanteConnect } from '../../../simulators/pro-sante-connect/start.ts'
import { Visitor } from '../accounts/portal.ts'
import { startWorld, type World } from '../harness.ts'

export const PSC = '/api/sign-in/psc'
export const ORGANISM = '/api/sign-in/organism/demonstration'
export const COOKIE = '__Host-consilium'
export const SIGN_IN_COOKIE = '__Host-consilium-sign-in'

export type Stage = {
  world: World
  /** Somebody's browser, without any cookie. */
  visitor(): Visitor
  stop(): Promise<void>
}

export async function setStage(environment: Record<string, string> = {}): Promise<Stage> {
  const world = await startWorld({ environment })
  const { ports, psc, organismIssuers } = world.configuration
  const registration = (kind: string, { clientId, clientSecret }: { clientId: string; clientSecret: string }) => ({
    clientId,
    clientSecret,
    redirectUris: [`${world.url}/api/sign-in/${kind}/callback`],
    postLogoutRedirectUris: [`${world.url}/`],
  })
  const providers = await Promise.all([
    startProSanteConnect({ port: ports.psc, clients: [registration('psc', psc)] }),
    startOrganismIdentity({
      port: ports.organism,
      clients: [registration('organism/demonstration', organismIssuers[0]!)],
    }),
  ])
  return {
    world,
    visitor: () => new Visitor(world),
    async stop() {
      await Promise.all(providers.map((provider) => provider.close()))
      await world.stop()
    },
  }
}

/** Why a sign-in was refused; the path where it ended when it was not. */
export const refusedWith = (url: URL) =>
  url.pathname === '/connexion/refusee' ? url.searchParams.get('code') : url.pathname

export const cookieOf = (visitor: Visitor, name = COOKIE) =>
  visitor.jar.cookies.find((cookie) => cookie.name === name)?.value

/** Puts a cookie in somebody's browser, as an attacker may who has a sibling host, or a machine that is shared. */
export function plant(visitor: Visitor, name: string, value: string): void {
  const { jar, portal } = visitor
  const known = jar.cookies.findIndex((cookie) => cookie.name === name)
  if (known >= 0) jar.cookies.splice(known, 1)
  jar.cookies.push({ name, value, host: new URL(portal.url).hostname, path: '/' })
}
