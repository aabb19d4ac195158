// What makes a demonstration: simulators of the identity providers and a mail box, and practitioners known beforehand.
// The only file of the product that knows the simulators; never loaded in production.
import { join } from 'node:path'
import type { Running } from './main.ts'
import type { Configuration } from './platform/configuration.ts'

/** Of the first practitioner; whoever tries the portal may change it. */
const DEMONSTRATION_PASSWORD = 'girafe vinaigre boussole'
const LISTS_EVERY_MS = 24 * 3_600_000

/**
 * Starts what the configuration asks for; says where it is and who can sign in.
 * @throws when a port is taken; nothing is left open then
 */
export async function startDemonstration(
  configuration: Configuration,
  server: Running,
): Promise<{ stop(): Promise<void> }> {
  const closing: (() => Promise<void>)[] = []
  const stop = async () => {
    await Promise.all(closing.map((close) => close()))
  }
  try {
    await startSimulators(configuration, server, closing)
  } catch (fault) {
    await stop()
    throw fault
  }
  return { stop }
}

/** The authority and the cards of a demonstration, before anything listens for them; lists are renewed by each call. */
export async function makeCards({ dataFolder }: Configuration) {
  const { keepCardAuthority } = await import('../simulators/card-authority/keep.ts')
  const { demonstrationCards } = await import('../simulators/card-authority/demonstration-cards.ts')
  return keepCardAuthority(join(dataFolder, 'cards'), demonstrationCards())
}

async function startSimulators(configuration: Configuration, server: Running, closing: (() => Promise<void>)[]) {
  const { readPeople } = await import('../simulators/people.ts')
  const people = readPeople()
  const { simulators, ports, publicUrl, psc, organismIssuers } = configuration
  const say = (sentence: string) => console.log(`  ${sentence}`)

  await server.services.accounts.registerPractitioners(await practitionersOf(people))
  const [first] = people.practitioners
  if (first && configuration.waysIn.password)
    // A database that goes away at this very moment must not end a server that is ready.
    await server.services.passwords
      .setDemonstrationPassword(first.rpps, DEMONSTRATION_PASSWORD)
      .catch(() => say('The password of the demonstration is not set yet: it will be at the next start'))
  if (simulators.mailBox) {
    const { startMailBox } = await import('../simulators/mail-box/start.ts')
    const box = await startMailBox({ port: ports.mailBox, smtpPort: ports.smtp })
    closing.push(() => box.close())
    say(`Mail box of the demonstration     ${box.url}`)
  }
  const addresses = (kind: string, issuerId: string) => ({
    backchannelLogoutUri: `${publicUrl}/api/sign-out/back-channel/${issuerId}`,
    redirectUris: [`${publicUrl}/api/sign-in/${kind}/callback`],
    postLogoutRedirectUris: [`${publicUrl}/`],
  })
  if (simulators.psc) {
    const { startProSanteConnect } = await import('../simulators/pro-sante-connect/start.ts')
    const provider = await startProSanteConnect({
      port: ports.psc,
      clients: [{ clientId: psc.clientId, clientSecret: psc.clientSecret, ...addresses('psc', 'psc') }],
    })
    closing.push(() => provider.close())
    say(`Simulated Pro Santé Connect       http://localhost:${ports.psc}`)
  }
  const issuer = organismIssuers[0]
  if (simulators.organism && issuer) {
    const { startOrganismIdentity } = await import('../simulators/organism-identity/start.ts')
    const provider = await startOrganismIdentity({
      port: ports.organism,
      keptIn: join(configuration.dataFolder, 'simulators', 'organism.json'),
      clients: [
        {
          clientId: issuer.clientId,
          clientSecret: issuer.clientSecret,
          ...addresses(`organism/${issuer.issuerId}`, issuer.issuerId),
        },
      ],
    })
    closing.push(() => provider.close())
    say(`Simulated provider of the staff   ${provider.issuer}`)
  }
  if (simulators.card) {
    const { cards, code } = await makeCards(configuration)
    const renewing = setInterval(() => void makeCards(configuration), LISTS_EVERY_MS)
    closing.push(async () => clearInterval(renewing))
    say(`Cards, asked for at                ${configuration.card.url}`)
    for (const { holder, file } of cards) say(`  ${holder.padEnd(44)} ${file}`)
    say(
      `  Import one into a browser (certificates, « Your certificates », code ${code}), or into the store of Chromium:`,
    )
    say(`  pk12util -d sql:$HOME/.pki/nssdb -W ${code} -i FILE`)
  }
  say('Who can sign in (made up, all of them):')
  for (const person of people.practitioners) say(`  by Pro Santé Connect   ${person.role} – ${person.shownName}`)
  for (const person of people.staff) say(`  by the organism        ${person.role} – ${person.shownName}`)
  if (first && configuration.waysIn.password)
    say(`  by password            ${first.rpps} – « ${DEMONSTRATION_PASSWORD} » – ${first.shownName}, reduced access`)
  say('Patients to try: 2 84 05 88 321 025 (three beneficiaries), 1 53 12 45 007 231 (another CPAM)')
}

async function practitionersOf(people: ReturnType<typeof import('../simulators/people.ts').readPeople>) {
  const { userinfoClaims } = await import('../simulators/pro-sante-connect/claims.ts')
  return people.practitioners.map((person) => userinfoClaims(person, { means: 'CARD', acr: 'eidas1' }))
}
