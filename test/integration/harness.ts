// A whole server in the test's own process, on a fresh database of a real PostgreSQL: people, sessions, a clock that
// moves, a mailer that remembers, logs that are searched for what must never be in them.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createNetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { type Running, startServer } from '../../src/main.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { type Configuration, readConfiguration } from '../../src/platform/configuration.ts'
import { newId } from '../../src/platform/identifiers.ts'
import { createLog } from '../../src/platform/log.ts'
import type { Mail, Mailer } from '../../src/platform/outbox/mail.ts'
import type { Principal } from '../../src/platform/sessions/principal.ts'
import { traceActor } from '../../src/platform/sessions/principal.ts'
import { createSessions, type NewSession } from '../../src/platform/sessions/sessions.ts'
import type { StaffRoleName } from '../../src/platform/sessions/staff-roles.ts'
import { entry, PORTAL_CHAIN } from '../../src/platform/trace/trace.ts'
import { enrolPractitioner } from '../../src/services/accounts/enrol-practitioner.ts'
import { enrolStaff } from '../../src/services/accounts/enrol-staff.ts'
import { staffRole } from '../../src/services/accounts/roles.ts'
import { type Grant, writeGrant } from '../../src/services/delegations/grant-delegation.ts'
import { linkDelegations } from '../../src/services/delegations/link-delegations.ts'
import { type Client, createClient } from './client.ts'
import { type FreshDatabase, freshDatabase } from './postgres.ts'

/** The two numbers that guides and tests rely on (data/demonstration). */
export const INSURED_941 = '284058832102532'
export const INSURED_OTHER = '153124500723160'
export const HOME_ORGANISM = '01-941'
export const OTHER_ORGANISM = '01-451'

export type MovableClock = Clock & { advance(ms: number): void }
export type RecordingMailer = Mailer & {
  sent: Mail[]
  /** What happens at each hand-over, before it counts as sent; throws to refuse. */
  behave: (mail: Mail) => Promise<void> | void
  /** Waits until so many mails have been handed over. */
  until(count: number, timeoutMs?: number): Promise<Mail[]>
}
export type Someone = {
  personId: string
  side: 'practice' | 'desk' | 'none'
  role: string
  activityIds: string[]
  boxIds: string[]
  organismIds: string[]
}

export type World = {
  url: string
  server: Running
  configuration: Configuration
  clock: MovableClock
  mailer: RecordingMailer
  database: FreshDatabase
  logs(): string
  /** A distinctive text, searched for in logs and mails at the end. */
  canary(label: string): string
  practitioner(more?: { email?: string | null; places?: number; professionCode?: string }): Promise<Someone>
  staff(role?: StaffRoleName, organismIds?: string[]): Promise<Someone>
  /** A secretary with a CPE: no profession, the structure as the only place. */
  employee(): Promise<Someone>
  /**
   * Grants somebody the boxes of a holder, as by « Mes délégations »: by default all motifs and places, from yesterday to
   * in a month. Sign them in at the holder's place with `signIn(delegate, { activityId: holder.activityIds[0] })`.
   */
  delegate(holder: Someone, delegate: Someone, more?: Partial<Omit<Grant, 'subject'>>): Promise<string>
  /** Opens a session; `place` is which of their places, none with null. */
  signIn(person: Someone, more?: Partial<NewSession> & { place?: number | null }): Promise<Client>
  stranger(): Client
  /** Another server on the same database, with the same clock and mailer; `address`: where it listens. */
  second(): Promise<Running & { address: string }>
  /** Names of the statements run while `act` ran. */
  statements(act: () => Promise<unknown>): Promise<string[]>
  stop(): Promise<void>
}

export async function freePort(): Promise<number> {
  const server = createNetServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  // A server's own port and the next ones (simulators) must be in range.
  return port < 64_000 ? port : freePort()
}

export function createRecordingMailer(): RecordingMailer {
  const sent: Mail[] = []
  const waiting = new Set<() => void>()
  const mailer: RecordingMailer = {
    sent,
    behave: () => {},
    async send(mail) {
      await mailer.behave(mail)
      sent.push(mail)
      for (const wake of waiting) wake()
    },
    async close() {},
    until(count, timeoutMs = 3000) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look)
          reject(new Error(`${sent.length} mails after ${timeoutMs} ms, not ${count}`))
        }, timeoutMs)
        const look = () => {
          if (sent.length < count) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve(sent)
        }
        waiting.add(look)
        look()
      })
    },
  }
  return mailer
}

export function createMovableClock(): MovableClock {
  let offset = 0
  return {
    now: () => new Date(Date.now() + offset),
    advance(ms) {
      offset += ms
    },
  }
}

let numbers = 0

/**
 * @param options.mailer `smtp` to speak real SMTP to the address in `environment`
 * @param options.environment settings on top of the test's own
 */
export async function startWorld(
  options: {
    mailer?: 'record' | 'smtp'
    environment?: Record<string, string>
    outboxPollMs?: number
    aliveMs?: number
  } = {},
): Promise<World> {
  const database = await freshDatabase()
  try {
    return await startOn(database, options)
  } catch (fault) {
    // Or the test would never end.
    await database.drop()
    throw fault
  }
}

async function startOn(
  database: FreshDatabase,
  options: NonNullable<Parameters<typeof startWorld>[0]>,
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'consilium-world-'))
  const clock = createMovableClock()
  const mailer = createRecordingMailer()
  const canaries = new Set<string>()
  const lines: string[] = []
  const log = createLog(
    'debug',
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    }),
  )
  const configure = async () =>
    readConfiguration({
      PORT: String(await freePort()),
      CONSILIUM_DATA: folder,
      CONSILIUM_CHECK_ANSWERS: '1',
      ...options.environment,
    })
  const parts = {
    clock,
    log,
    outboxPollMs: options.outboxPollMs ?? 100,
    aliveMs: options.aliveMs,
    ...(options.mailer === 'smtp' ? {} : { mailer }),
  }
  const configuration = await configure()
  const server = await startServer(configuration, database.connection, parts)
  const others: Running[] = []
  const { url } = server
  const cookieName = '__Host-consilium'
  const sessions = createSessions(server.database, clock, () => [])

  const world: World = {
    url,
    server,
    configuration,
    clock,
    mailer,
    database,
    logs: () => lines.join(''),
    canary(label) {
      // In letters: digits by chance might be taken for a number of somebody.
      const random = crypto.randomUUID().replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!)
      const text = `CANARI-${label}-${random}`
      canaries.add(text)
      return text
    },
    async practitioner({ email, places = 1, professionCode = '10' } = {}) {
      const number = ++numbers
      const address = email === undefined ? `praticien-${number}@praticien.example` : email
      if (address) canaries.add(address)
      const familyName = `FICTIF-${number}-${crypto.randomUUID().slice(0, 8)}`.toUpperCase()
      canaries.add(familyName)
      const { personId, activityIds } = await enrolPractitioner(
        { database: server.database, clock },
        {
          kind: 'practitioner',
          nationalId: `8${String(99_000_000_000 + number)}`,
          rpps: String(99_000_000_000 + number),
          civility: 'Dr',
          givenName: 'Essai',
          familyName,
          professionCode,
          profession: professionCode === '10' ? 'Médecin' : 'Autre profession',
          speciality: '',
          email: address,
          places: Array.from({ length: places }, (_, i) => ({
            key: `R${number}-${i}`,
            name: `CABINET ${number}-${i}`,
            addressLine: '1 RUE DU CABINET',
            city: '94000 CRETEIL',
            professionCode,
            profession: 'Médecin',
            speciality: '',
            sectorCode: 'SA07',
          })),
        },
      )
      const boxes = await database.sql<{ box_id: string }>(
        'select box_id from unnest($1::uuid[]) with ordinality as t (activity_id, n) join portal.box using (activity_id) order by n',
        [activityIds],
      )
      return {
        personId,
        side: 'practice',
        role: 'practitioner',
        activityIds,
        boxIds: boxes.map((box) => box.box_id),
        organismIds: [],
      }
    },
    async staff(name: StaffRoleName = 'medecin_conseil', organismIds = [HOME_ORGANISM]) {
      const number = ++numbers
      const role = staffRole(name)
      const { personId } = await enrolStaff(
        { database: server.database, clock },
        {
          issuerId: 'demonstration',
          identity: {
            subject: `fictif-${number}`,
            civility: 'Dr',
            givenName: 'Conseil',
            familyName: `FICTIF-${number}`,
            email: null,
            roles: [name],
            organisms: organismIds,
          },
          role,
          organismIds,
        },
      )
      return { personId, side: role.desk ? 'desk' : 'none', role: role.role, activityIds: [], boxIds: [], organismIds }
    },
    async employee() {
      const number = ++numbers
      const familyName = `FICTIF-${number}-${crypto.randomUUID().slice(0, 8)}`.toUpperCase()
      canaries.add(familyName)
      const { personId, activityIds } = await enrolPractitioner(
        { database: server.database, clock },
        {
          kind: 'employee',
          nationalId: `30B0168811/CPET${String(number).padStart(5, '0')}`,
          rpps: '',
          civility: '',
          givenName: 'Essai',
          familyName,
          professionCode: '',
          profession: '',
          speciality: '',
          email: null,
          places: [
            {
              key: `30B0168811-${number}`,
              name: 'CENTRE DE SANTE',
              addressLine: '1 RUE DU CENTRE',
              city: '94000 CRETEIL',
              professionCode: '',
              profession: '',
              speciality: '',
              sectorCode: 'SA05',
            },
          ],
        },
      )
      const [box] = await database.sql<{ box_id: string }>('select box_id from portal.box where activity_id = $1', [
        activityIds[0],
      ])
      return { personId, side: 'practice', role: 'employee', activityIds, boxIds: [box!.box_id], organismIds: [] }
    },
    async delegate(holder, delegate, more = {}) {
      const day = 24 * 3_600_000
      const [person] = await database.sql<{ subject: string }>(
        'select subject from portal.person where person_id = $1',
        [delegate.personId],
      )
      const grant: Grant = {
        capacity: 'delegate',
        subject: person!.subject,
        scope: 'send',
        motifs: null,
        places: null,
        from: new Date(clock.now().getTime() - day),
        to: new Date(clock.now().getTime() + 30 * day),
        ...more,
      }
      const granter = { personId: holder.personId, side: holder.side, role: holder.role } as Principal
      const once = { key: crypto.randomUUID(), digest: Buffer.alloc(32) }
      const [granted] = await writeGrant({ database: server.database, clock }, granter, grant, once)
      assert.ok(granted, 'the grant was refused')
      return granted.delegation_id
    },
    async signIn(person, { place = 0, ...more } = {}) {
      const session: NewSession = {
        personId: person.personId,
        side: person.side,
        role: person.role,
        level: 'substantial',
        via: person.side === 'practice' ? 'psc' : 'organism',
        authMode: 'CARD',
        acr: 'eidas1',
        issuer: 'https://identity.example',
        activityId: place === null ? null : (person.activityIds[place] ?? null),
        organismIds: person.organismIds,
        authTime: clock.now(),
        idpSid: newId(),
        sealedIdToken: null,
        ...more,
      }
      if (person.side === 'practice') await linkDelegations({ database: server.database, clock }, person.personId)
      const { cookie } = await sessions.open(session, ({ sessionId }) =>
        entry(clock, PORTAL_CHAIN, traceActor({ ...session, sessionId }), {
          type: 'session.opened',
          via: session.via,
          authMode: session.authMode,
          acr: session.acr,
        }),
      )
      canaries.add(cookie)
      return createClient(url, cookieName, cookie)
    },
    stranger: () => createClient(url, cookieName, null),
    async second() {
      const port = await freePort()
      const running = await startServer({ ...configuration, port }, database.connection, {
        ...parts,
        mailer,
      })
      others.push(running)
      return { ...running, address: `http://localhost:${port}` }
    },
    async statements(act) {
      const names: string[] = []
      server.database.onStatement = (name) => names.push(name)
      try {
        await act()
      } finally {
        server.database.onStatement = null
      }
      return names
    },
    async stop() {
      for (const running of [...others, server]) await running.stop()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
      const written = `${lines.join('')}\n${JSON.stringify(mailer.sent.map(({ to: _to, ...rest }) => rest))}`
      for (const canary of canaries) assert.ok(!written.includes(canary), `a log or a mail tells ${canary}`)
      for (const nir of [INSURED_941, INSURED_OTHER])
        for (const text of [nir, nir.slice(0, 13)]) assert.ok(!written.includes(text), 'a log or a mail tells a NIR')
    },
  }
  return world
}

/** Identifies the patient of a number and gives the opaque id of one of its beneficiaries. */
export async function identify(client: Client, number = INSURED_941, which = 0): Promise<string> {
  const { beneficiaries } = await client.do('POST /api/patients/identifications', { body: { number } })
  return beneficiaries[which]!.patientId
}

/** Opens an exchange about the patient of a number, from the practitioner's side. */
export async function openExchange(
  client: Client,
  more: { subject?: string; text?: string; number?: string; motif?: string } = {},
): Promise<string> {
  const { exchangeId } = await client.do('POST /api/exchanges', {
    body: {
      patientId: await identify(client, more.number),
      motif: more.motif ?? 'ALD',
      subject: more.subject ?? 'Objet de l’essai',
      text: more.text ?? 'Texte de l’essai.',
    },
  })
  return exchangeId
}

/** Waits until something holds; fails after the time given. */
export async function eventually(holds: () => Promise<boolean> | boolean, timeoutMs = 5000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    if (await holds()) return
    if (Date.now() > deadline) throw new Error(`still not so after ${timeoutMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
