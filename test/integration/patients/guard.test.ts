// Identification is not a search engine: the robot is stopped, whatever its order, its pace, its sessions and servers;
// limits hold; ordinary work goes on; an administrator opens again.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { InsuredFhir } from '../../../simulators/insured-fhir/start.ts'
import { type MailBox, startMailBox } from '../../../simulators/mail-box/start.ts'
import { readLimits } from '../../../src/services/patients/guard/identification-limits.ts'
import type { Answer, Client } from '../client.ts'
import { eventually, freePort, type Someone, startWorld, type World } from '../harness.ts'
import { consecutive, ELSEWHERE, NOBODY, randomNumbers, startDenseDirectory } from './dense-directory.ts'

const HOUR = 3_600_000
const CONTACT = 'securite@organisme.example'
const limits = readLimits()

let directory: InsuredFhir
let box: MailBox
let world: World
before(async () => {
  directory = await startDenseDirectory()
  box = await startMailBox({ port: await freePort(), smtpPort: await freePort() })
  world = await startWorld({
    mailer: 'smtp',
    outboxPollMs: 50,
    environment: {
      CONSILIUM_INSURED_FHIR_URL: directory.base,
      CONSILIUM_SMTP_URL: box.smtpUrl,
      CONSILIUM_SECURITY_CONTACT: CONTACT,
      CONSILIUM_PROXIES: '127.0.0.1,::1',
    },
  })
})
after(async () => {
  await world?.stop()
  await box?.close()
  await directory?.close()
})

const parisHour = () =>
  Number(world.clock.now().toLocaleString('en-GB', { timeZone: 'Europe/Paris', hour: '2-digit', hourCycle: 'h23' }))
/** Goes to a minute past this hour of Paris, of a later day. */
function goTo(hour: number): void {
  const past = world.clock.now().getTime() % HOUR
  world.clock.advance(HOUR - past + 60_000)
  while (parisHour() !== hour) world.clock.advance(HOUR)
}
const nextDay = (hour = 10) => {
  world.clock.advance(20 * HOUR)
  goTo(hour)
}

const ask = (client: Client, number: string, headers: Record<string, string> = {}): Promise<Answer> =>
  client.call('POST /api/patients/identifications', { body: { number }, headers })
type Tally = { successes: number; codes: (string | undefined)[] }
async function askAll(client: Client, numbers: string[]): Promise<Tally> {
  const answers: Answer[] = []
  for (const number of numbers) answers.push(await ask(client, number))
  return tally(answers)
}
const tally = (answers: Answer[]): Tally => ({
  successes: answers.filter(({ status }) => status === 200).length,
  codes: answers.filter(({ status }) => status !== 200).map(({ code }) => code),
})
type Traced = { type: string; organism_id: string; event: string }
const traced = (somebody: Someone) =>
  world.database.sql<Traced>(
    `select type, organism_id, event from trace.event where actor = $1 and type like 'identification.%' order by at, seq`,
    [somebody.personId],
  )
const blocksOf = (somebody: Someone) =>
  world.database.sql<{ cause: string; lifted_at: Date | null }>(
    'select cause, lifted_at from portal.identification_block where person_id = $1 order by blocked_at',
    [somebody.personId],
  )
const alerts = (somebody: Someone) => box.messages().filter(({ text }) => text.includes(somebody.personId))

/** Blocked once, told once, traced once. */
async function assertBlockedOnce(somebody: Someone, cause: string): Promise<void> {
  assert.deepEqual(
    (await blocksOf(somebody)).map((block) => [block.cause, block.lifted_at]),
    [[cause, null]],
  )
  await eventually(() => alerts(somebody).length === 1)
  assert.deepEqual(
    (await traced(somebody))
      .filter(({ type }) => type === 'identification.blocked')
      .map(({ event }) => [JSON.parse(event).cause, JSON.parse(event).subject]),
    [[cause, somebody.personId]],
  )
}

describe('a robot that walks consecutive numbers', () => {
  it('is stopped before its eighth success, traced, and the alert is in the mail box', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const client = await world.signIn(somebody)
    const walk = consecutive(2_840_588_321_100, 40)
    const { successes, codes } = await askAll(client, walk)
    assert.equal(successes, 7)
    assert.deepEqual([...new Set(codes)], ['identification-blocked'])
    await assertBlockedOnce(somebody, 'run')

    const [mail] = alerts(somebody)
    assert.deepEqual(mail!.envelope.to, [CONTACT])
    assert.equal(mail!.subject, 'Alerte : identification des patients bloquée pour un compte')
    for (const said of [
      somebody.personId,
      'des numéros voisins',
      'Pro Santé Connect, CARD',
      `${world.url}/administration/identifications`,
      'heure de Paris',
    ])
      assert.ok(mail!.text.includes(said), said)
    for (const number of walk) assert.ok(!mail!.raw.includes(number))
    assert.doesNotMatch(mail!.raw, /FICTIF|FOULE|Personne|28405/)

    const events = await traced(somebody)
    assert.equal(events.filter(({ type }) => type === 'identification.limited').length, 32, 'each refusal is traced')
    for (const { event } of events) assert.doesNotMatch(event, /28405|FOULE/)
  })

  it('is told whom to ask, and asking again changes nothing, in another session, for another number, tomorrow', async () => {
    nextDay()
    const somebody = await world.practitioner()
    await askAll(await world.signIn(somebody), consecutive(2_840_588_321_100, 9))
    world.clock.advance(30 * HOUR)
    const refused = await ask(await world.signIn(somebody), '1531245007231')
    assert.deepEqual([refused.status, refused.code], [403, 'identification-blocked'])
    assert.match(refused.problem.title, /administrateur de la plateforme/)
    assert.match(String(refused.problem.detail), new RegExp(CONTACT))
    assert.equal((await ask(await world.signIn(await world.practitioner()), '1531245007231')).status, 200)
    await assertBlockedOnce(somebody, 'run')
  })

  const start = 2_840_588_321_100
  const shuffle = (list: string[]) => list.toSorted((a, b) => ((Number(a) * 7919) % 101) - ((Number(b) * 7919) % 101))
  const others = randomNumbers(60, 4)
  const walks: [name: string, numbers: string[], most: number][] = [
    ['descending', consecutive(start, 30, -1), 7],
    ['by steps of three', consecutive(start, 30, 3), 7],
    ['by steps of ten', consecutive(start, 30, 10), 7],
    ['in no order', shuffle(consecutive(start, 30)), 7],
    ['from commune to commune', consecutive(2_840_588_100_025, 30, 1000), 7],
    ['from month to month', Array.from({ length: 12 }, (_, n) => `284${String(n + 1).padStart(2, '0')}88321025`), 7],
    ['over the end of a commune', consecutive(2_840_588_320_995, 30).filter((number) => !number.endsWith('000')), 12],
    ['with the key', consecutive(start, 30).map((nir) => nir + keyOf(nir)), 7],
  ]
  for (const [name, numbers, most] of walks)
    it(`${name}: at most ${most}`, async () => {
      nextDay()
      const somebody = await world.practitioner()
      const { successes, codes } = await askAll(await world.signIn(somebody), numbers)
      assert.ok(successes <= most, `${successes} successes`)
      assert.equal(codes.at(-1), 'identification-blocked')
      await assertBlockedOnce(somebody, 'run')
    })

  it('hidden among other numbers', async () => {
    nextDay()
    const client = await world.signIn(await world.practitioner())
    const walk = consecutive(start, 30)
    let successes = 0
    for (const [at, number] of walk.entries()) {
      if ((await ask(client, number)).status === 200) successes++
      await ask(client, others[2 * at]!)
      await ask(client, others[2 * at + 1]!)
    }
    assert.ok(successes <= 7, String(successes))
  })

  it('over several hours, one every forty minutes, each time in a new session', async () => {
    nextDay()
    const somebody = await world.practitioner()
    let successes = 0
    for (const number of consecutive(start, 30)) {
      if ((await ask(await world.signIn(somebody), number)).status === 200) successes++
      world.clock.advance(40 * 60_000)
    }
    assert.ok(successes <= 7, String(successes))
    await assertBlockedOnce(somebody, 'run')
  })

  it('one every five hours, over days', async () => {
    nextDay()
    const somebody = await world.practitioner()
    let successes = 0
    for (const number of consecutive(start, 30)) {
      if ((await ask(await world.signIn(somebody), number)).status === 200) successes++
      world.clock.advance(5 * HOUR)
    }
    assert.ok(successes < 15, String(successes))
  })

  it('all at once, from sixty addresses, in six sessions, on two servers: one block, one trace, one mail', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const second = await world.second()
    const sessions = await Promise.all(Array.from({ length: 6 }, () => world.signIn(somebody)))
    const answers = await Promise.all(
      consecutive(start, 60).map((number, at) => {
        const client = sessions[at % 6]!
        return ask(at % 2 === 0 ? client : client.at(second.address), number, { 'x-forwarded-for': `198.51.100.${at}` })
      }),
    )
    const { successes } = tally(answers)
    assert.ok(successes <= 7, `${successes} successes`)
    assert.deepEqual([...new Set(answers.map(({ status }) => status))].toSorted(), successes > 0 ? [200, 403] : [403])
    assert.equal(successes + tally(answers).codes.filter((code) => code === 'identification-blocked').length, 60)
    assert.deepEqual((await blocksOf(somebody)).length, 1)
    // The second server of a test remembers its mails, the first sends them: one of them did, once.
    await eventually(() => alerts(somebody).length + world.mailer.sent.length === 1)
    assert.equal((await traced(somebody)).filter(({ type }) => type === 'identification.blocked').length, 1)
    await second.stop()
    world.mailer.sent.length = 0
  })

  it('of an insurer too, who may ask for their own insured only', async () => {
    nextDay()
    const somebody = await world.staff()
    const { successes } = await askAll(await world.signIn(somebody), consecutive(start, 20))
    assert.equal(successes, 7)
    await assertBlockedOnce(somebody, 'run')
    assert.equal((await traced(somebody))[0]?.organism_id, '01-941')
  })

  it('by the limited identification, and from one way to the other', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const password = await world.signIn(somebody, { level: 'low', via: 'password', authMode: 'PASSWORD' })
    const card = await world.signIn(somebody)
    let successes = 0
    for (const [at, number] of consecutive(start, 20).entries()) {
      const limited = () => password.call('POST /api/patients/limited-identifications', { body: { number } })
      if ((await (at % 2 ? ask(card, number) : limited())).status === 200) successes++
    }
    assert.equal(successes, 7)
    await assertBlockedOnce(somebody, 'run')
  })
})

describe('other ways to search', () => {
  it('many numbers of nobody', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const client = await world.signIn(somebody)
    const { codes } = await askAll(client, randomNumbers(20, 2, NOBODY))
    assert.equal(codes.filter((code) => code === 'patient-unknown').length, limits.blocking.unknown.distinct)
    assert.equal(codes.at(-1), 'identification-blocked')
    await assertBlockedOnce(somebody, 'unknown')
  })

  it('many insured of other organismes, which an adviser is told nothing of', async () => {
    nextDay()
    const somebody = await world.staff()
    const { codes } = await askAll(await world.signIn(somebody), randomNumbers(20, 2, ELSEWHERE))
    assert.equal(codes.filter((code) => code === 'patient-unknown').length, limits.blocking.unknown.distinct)
    await assertBlockedOnce(somebody, 'unknown')
  })

  it('by night, on the clocks of Paris', async () => {
    nextDay(23)
    const somebody = await world.practitioner()
    const { successes } = await askAll(await world.signIn(somebody), randomNumbers(32, 3))
    assert.equal(successes, limits.blocking.night.distinct)
    await assertBlockedOnce(somebody, 'night')
  })

  it('in great number, hour after hour', async () => {
    nextDay(7)
    const somebody = await world.practitioner()
    let successes = 0
    for (const numbers of [randomNumbers(90, 11), randomNumbers(90, 12), randomNumbers(90, 13)]) {
      successes += (await askAll(await world.signIn(somebody), numbers)).successes
      world.clock.advance(HOUR)
    }
    assert.ok(successes <= limits.blocking.volume.distinct, String(successes))
    await assertBlockedOnce(somebody, 'volume')
  })

  it('or by not taking no for an answer', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const client = await world.signIn(somebody)
    const { hour } = limits.perPerson
    const { codes } = await askAll(client, Array(hour + limits.blocking.beyondLimit + 2).fill('2840588321025'))
    assert.equal(codes.filter((code) => code === 'too-many-requests').length, limits.blocking.beyondLimit)
    await assertBlockedOnce(somebody, 'volume')
  })

  it('a directory that is away counts against nobody', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const client = await world.signIn(somebody)
    directory.setFault({ kind: 'error' })
    const away = await askAll(client, randomNumbers(25, 5))
    directory.setFault({ kind: 'none' })
    assert.deepEqual([...new Set(away.codes)], ['directory-unavailable'])
    assert.equal((await askAll(client, randomNumbers(5, 6))).successes, 5)
    assert.deepEqual(
      (await traced(somebody)).map(({ type }) => type),
      Array(25).fill('identification.unanswered'),
      'each is traced all the same',
    )
  })
})

describe('ordinary work goes on', () => {
  it('sixty patients in a day, some asked again, some mistyped', async () => {
    nextDay(8)
    const somebody = await world.practitioner()
    const day = randomNumbers(60, 21)
    let successes = 0
    for (let hour = 0; hour < 10; hour++) {
      const client = await world.signIn(somebody)
      for (const number of day.slice(hour * 6, hour * 6 + 6)) {
        if (hour % 3 === 0) await ask(client, NOBODY + number.slice(3))
        successes += (await askAll(client, [number, number])).successes
      }
      world.clock.advance(HOUR)
    }
    assert.equal(successes, 120)
    assert.deepEqual(await blocksOf(somebody), [])
  })

  it('a maternity ward: six births of the day in one commune', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const births = ['041', '043', '044'].flatMap((order) => [`1261194028${order}`, `2261194028${order}`])
    assert.equal((await askAll(await world.signIn(somebody), [...births, ...births])).successes, 12)
    assert.deepEqual(await blocksOf(somebody), [])
  })

  it('the same patient, fifty times', async () => {
    nextDay()
    const client = await world.signIn(await world.practitioner())
    assert.equal((await askAll(client, Array(50).fill('284058832102532'))).successes, 50)
  })
})

describe('the limits of a person', () => {
  const { perPerson } = limits

  it('an hour: refused with when it opens again, which is then so', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const client = await world.signIn(somebody)
    const number = '2840588321025'
    assert.equal((await askAll(client, Array(perPerson.hour).fill(number))).successes, perPerson.hour)
    const refused = await ask(client, number)
    assert.deepEqual([refused.status, refused.code], [429, 'too-many-requests'])
    const wait = Number(refused.headers['retry-after'])
    assert.ok(wait > 3400 && wait <= 3600, String(wait))
    assert.equal(refused.problem.retryAfter, wait)
    assert.match(String(refused.problem.detail), /permises en une heure ; vous pourrez recommencer à 11 h 00\.$/)
    const [event] = await traced(somebody)
    assert.deepEqual([event?.type, JSON.parse(event!.event).limit], ['identification.limited', 'personHour'])
    assert.equal(JSON.parse(event!.event).means, 'typed')
    world.clock.advance(wait * 1000)
    assert.equal((await ask(await world.signIn(somebody), number)).status, 200)
  })

  it('a day, until midnight in Paris', async () => {
    nextDay(7)
    const somebody = await world.practitioner()
    let successes = 0
    for (let hour = 0; hour * 80 < perPerson.day; hour++) {
      successes += (await askAll(await world.signIn(somebody), Array(80).fill('2840588321025'))).successes
      world.clock.advance(HOUR)
    }
    assert.equal(successes, perPerson.day)
    const refused = await ask(await world.signIn(somebody), '2840588321025')
    assert.match(String(refused.problem.detail), /permises en un jour ; vous pourrez recommencer demain à 0 h 00\.$/)
    world.clock.advance(Number(refused.headers['retry-after']) * 1000)
    assert.equal(parisHour(), 0)
    assert.equal((await ask(await world.signIn(somebody), '2840588321025')).status, 200)
  })

  it('exactly as many pass when all come at once on two servers', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const client = await world.signIn(somebody)
    const second = await world.second()
    const answers = await Promise.all(
      Array.from({ length: perPerson.hour + 20 }, (_, at) =>
        ask(at % 2 ? client : client.at(second.address), '2840588321025'),
      ),
    )
    assert.deepEqual(tally(answers), {
      successes: perPerson.hour,
      codes: Array(20).fill('too-many-requests'),
    })
    await second.stop()
  })

  it('the limited identification: thirty a day, by password or card', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const password = await world.signIn(somebody, { level: 'low', via: 'password', authMode: 'PASSWORD' })
    const card = await world.signIn(somebody)
    const limited = (client: Client, number: string) =>
      client.call('POST /api/patients/limited-identifications', { body: { number } })
    const numbers = randomNumbers(30, 31)
    for (const [at, number] of numbers.entries()) {
      const answer = await limited(at % 2 ? password : card, number)
      assert.deepEqual([answer.status, answer.json.left], [200, 29 - at])
    }
    const refused = await limited(password, numbers[0]!)
    assert.equal(refused.code, 'too-many-requests')
    assert.match(String(refused.problem.detail), /les 30 identifications limitées permises en un jour/)
    assert.equal((await ask(card, numbers[0]!)).status, 200, 'the card still opens the whole identification')
    world.clock.advance(Number(refused.headers['retry-after']) * 1000)
    const tomorrow = await world.signIn(somebody, { level: 'low', via: 'password', authMode: 'PASSWORD' })
    assert.equal((await limited(tomorrow, numbers[0]!)).status, 200)
  })
})

describe('an administrator', () => {
  const lift = (client: Client, blockId: string, reason: string) =>
    client.call('POST /api/administration/identification-blocks/:blockId/lifting', {
      params: { blockId },
      body: { reason },
    })
  const mine = async (client: Client, somebody: Someone) => {
    const { blocks } = await client.do('GET /api/administration/identification-blocks')
    const [row] = await world.database.sql<{ subject: string }>(
      'select subject from portal.person where person_id = $1',
      [somebody.personId],
    )
    return blocks.filter(({ nationalId }) => nationalId === row!.subject)
  }

  it('sees who, since when and why, and opens again with a reason', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const walk = consecutive(2_840_588_321_100, 10)
    await askAll(await world.signIn(somebody), walk)
    const boss = await world.staff('administrateur')
    const administrator = await world.signIn(boss)
    const [block] = await mine(administrator, somebody)
    assert.ok(block)
    assert.match(block.displayName, /^Dr Essai FICTIF/)
    assert.deepEqual(
      [block.profession, block.cause, block.via, block.authMode, block.lifted],
      ['Médecin', 'run', 'psc', 'CARD', null],
    )
    assert.deepEqual(block.counts, { numbers: 8, unknown: 0, night: 0, alike: 8 })
    assert.equal(Date.parse(block.blockedAt) > world.clock.now().getTime() - HOUR, true)

    assert.equal((await lift(administrator, block.blockId, '  ')).code, 'request-invalid')
    const named = await lift(administrator, block.blockId, 'Vu pour 2 84 05 88 321 025 32')
    assert.deepEqual([named.code, named.problem.faults?.[0]?.pointer], ['reason-names-a-patient', '/reason'])
    assert.equal((await lift(administrator, crypto.randomUUID(), 'Vu')).code, 'identification-block-not-found')

    const lifted = await lift(administrator, block.blockId, ' Reprise d’une patientèle, vue au téléphone ')
    assert.equal(lifted.status, 200)
    assert.equal(lifted.json.lifted?.reason, 'Reprise d’une patientèle, vue au téléphone')
    assert.match(lifted.json.lifted?.by ?? '', /Conseil FICTIF/)
    assert.equal((await lift(administrator, block.blockId, 'Encore')).code, 'identification-block-lifted')

    const [event] = await world.database.sql<Traced>(
      `select type, organism_id, event from trace.event where actor = $1 and type = 'identification.unblocked'`,
      [boss.personId],
    )
    const { subject, block: traced } = JSON.parse(event!.event)
    assert.deepEqual([subject, traced], [somebody.personId, block.blockId])

    // What went before counts no more; a new walk is a new block.
    world.clock.advance(1000)
    const again = await askAll(await world.signIn(somebody), walk)
    assert.equal(again.successes, 7)
    assert.equal((await blocksOf(somebody)).length, 2)
    assert.equal((await mine(administrator, somebody)).length, 2)
    await eventually(() => alerts(somebody).length === 2)
  })

  it('opens again for good: the counters of the hour refuse, and do not block anew', async () => {
    nextDay()
    const somebody = await world.practitioner()
    const client = await world.signIn(somebody)
    const same = (count: number) => Array(count).fill('2840588321025')
    await askAll(client, same(limits.perPerson.hour + limits.blocking.beyondLimit + 1))
    await assertBlockedOnce(somebody, 'volume')
    const administrator = await world.signIn(await world.staff('administrateur'))
    const [block] = await mine(administrator, somebody)
    assert.equal((await lift(administrator, block!.blockId, 'Poste partagé, vu sur place')).status, 200)
    const { codes } = await askAll(client, same(5))
    assert.deepEqual(codes, Array(5).fill('too-many-requests'))
    world.clock.advance(HOUR)
    assert.equal((await ask(await world.signIn(somebody), '2840588321025')).status, 200)
    assert.equal((await blocksOf(somebody)).length, 1)
  })

  it('lifts once, when two do at the same moment', async () => {
    nextDay()
    const somebody = await world.practitioner()
    await askAll(await world.signIn(somebody), consecutive(2_840_588_321_100, 9))
    const administrators = await Promise.all(
      Array.from({ length: 4 }, async () => world.signIn(await world.staff('administrateur'))),
    )
    const [block] = await mine(administrators[0]!, somebody)
    const answers = await Promise.all(administrators.map((client) => lift(client, block!.blockId, 'Vu')))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409, 409])
  })

  it('of another organisme sees practitioners, but not this one’s people', async () => {
    nextDay()
    const somebody = await world.staff()
    await askAll(await world.signIn(somebody), consecutive(2_840_588_321_100, 9))
    const here = await world.signIn(await world.staff('administrateur'))
    const elsewhere = await world.signIn(await world.staff('administrateur', ['01-451']))
    const [block] = await mine(here, somebody)
    assert.ok(block)
    assert.deepEqual(await mine(elsewhere, somebody), [])
    assert.equal((await lift(elsewhere, block.blockId, 'Vu')).code, 'identification-block-not-found')
    assert.equal((await lift(here, block.blockId, 'Vu')).status, 200)
  })

  it('is the only one who may', async () => {
    for (const somebody of [
      await world.practitioner(),
      await world.staff(),
      await world.staff('agent_administratif'),
      await world.staff('auditeur'),
      await world.staff('chef_service'),
    ]) {
      const client = await world.signIn(somebody)
      assert.equal((await client.call('GET /api/administration/identification-blocks')).code, 'right-missing')
      assert.equal((await lift(client, crypto.randomUUID(), 'Vu')).code, 'right-missing')
    }
  })
})

describe('unknown and not permitted', () => {
  it('are the same to an adviser: words, statements, calls of the directory', async () => {
    nextDay()
    const client = await world.signIn(await world.staff())
    const seen: unknown[] = []
    for (const number of [...randomNumbers(3, 41, NOBODY), ...randomNumbers(3, 41, ELSEWHERE)]) {
      let answer: Answer | undefined
      const before = directory.requests().length
      const statements = await world.statements(async () => {
        answer = await ask(client, number)
      })
      const { requestId: _requestId, ...said } = answer!.problem as Record<string, unknown>
      const headers = Object.keys(answer!.headers).toSorted()
      const own = statements.filter((name) => /^(patients|trace|sessions\.find)/.test(name))
      seen.push({ said, headers, own, calls: directory.requests().length - before, length: answer!.text.length })
    }
    for (const one of seen) assert.deepEqual(one, seen[0])
    assert.deepEqual((seen[0] as { own: string[] }).own, [
      'sessions.find',
      'patients.countLookup',
      'patients.watchLookups',
      'patients.concludeLookup',
      'trace.write',
    ])
  })

  it('and answered at the same marks of time', async () => {
    nextDay()
    const client = await world.signIn(await world.staff())
    const durations: number[] = []
    for (const number of [...randomNumbers(5, 42, NOBODY), ...randomNumbers(5, 42, ELSEWHERE)]) {
      const began = performance.now()
      await ask(client, number)
      durations.push(performance.now() - began)
    }
    assert.ok(Math.min(...durations) >= 150, String(durations))
  })

  it('a practitioner may ask for the insured of any organisme', async () => {
    nextDay()
    const client = await world.signIn(await world.practitioner())
    assert.equal((await askAll(client, [...randomNumbers(2, 43), ...randomNumbers(2, 43, ELSEWHERE)])).successes, 4)
  })
})

describe('what is kept', () => {
  it('holds no number, and tells no two people apart or alike', async () => {
    nextDay()
    const number = '2840588321025'
    const people = [await world.practitioner(), await world.practitioner()]
    for (const somebody of people)
      await ask(await world.signIn(somebody), number, { 'x-forwarded-for': '203.0.113.77' })
    const rows = await world.database.sql<{ text: string; number_index: Buffer }>(
      'select l::text as text, number_index from medical.lookup l where person_id = any ($1::uuid[])',
      [people.map(({ personId }) => personId)],
    )
    assert.equal(rows.length, 2)
    assert.ok(!rows[0]!.number_index.equals(rows[1]!.number_index))
    const counts = await world.database.sql<{ counter: string }>('select counter from medical.lookup_count')
    const all = [...rows.map(({ text }) => text), ...counts.map(({ counter }) => counter)].join('\n')
    for (const hidden of [number, Buffer.from(number).toString('hex'), '203.0.113.77']) assert.ok(!all.includes(hidden))
  })

  it('is removed after three days, and counters when their time is over', async () => {
    nextDay()
    await ask(await world.signIn(await world.practitioner()), '2840588321025')
    const { sweep } = world.server.services
    const left = async () =>
      (
        await world.database.sql<{ lookups: number; counters: number }>(
          `select (select count(*)::int from medical.lookup) as lookups,
             (select count(*)::int from medical.lookup_count) as counters`,
        )
      )[0]!
    await sweep()
    const before = await left()
    assert.ok(before.lookups > 0 && before.counters > 0)
    world.clock.advance(74 * HOUR)
    await sweep()
    assert.deepEqual(await left(), { lookups: 0, counters: 0 })
  })
})

/** As a card shows it. */
function keyOf(nir13: string): string {
  return String(97 - (Number(nir13) % 97)).padStart(2, '0')
}
