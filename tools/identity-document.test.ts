// docs/identity.md says what the code does: every setting, every refusal of the ways in, the limits, the ways themselves.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ABSOLUTE_MS, IDLE_MS } from '../src/platform/sessions/sessions.ts'
import { accountsContract } from '../src/services/accounts/contract.ts'
import { accountsProblems } from '../src/services/accounts/problems.ts'
import { cardsContract } from '../src/services/cards/contract.ts'
import { cardsProblems } from '../src/services/cards/problems.ts'
import { delegationsProblems } from '../src/services/delegations/problems.ts'
import { passwordsContract } from '../src/services/passwords/contract.ts'
import { LENGTH_MAX, LENGTH_MIN } from '../src/services/passwords/judge-password.ts'
import { passwordsProblems } from '../src/services/passwords/problems.ts'
import { LINK_MINUTES } from '../src/services/passwords/send-link.ts'
import { readLimits } from '../src/services/patients/guard/identification-limits.ts'
import { patientsProblems } from '../src/services/patients/problems.ts'

const ROOT = new URL('..', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')
const document = read('docs/identity.md')
const part = (title: string) => document.split(`\n## ${title}\n`)[1]!.split('\n## ')[0]!.replaceAll(/\s+/g, ' ')

test('docs/identity.md names every setting of the configuration, and no other', () => {
  const settings = [...read('src/platform/configuration.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(
    ([, name]) => name!,
  )
  assert.ok(settings.length > 30)
  const named = [...part('Settings').matchAll(/`((?:CONSILIUM_|DATABASE_)[A-Z_]+|PORT|HOST)`/g)].map(
    ([, name]) => name!,
  )
  assert.deepEqual([...new Set(named)].toSorted(), settings.toSorted())
})

test('docs/identity.md names every refusal of the ways in', () => {
  const problems = [accountsProblems, cardsProblems, passwordsProblems, delegationsProblems, patientsProblems]
  for (const code of problems.flatMap((list) => Object.keys(list)))
    assert.ok(part('Refusals').includes(`\`${code}\``), code)
})

test('docs/identity.md says the limits that the code holds', () => {
  const { perPerson, perAddress, perOrganism, night } = readLimits()
  assert.ok(part('Sessions').includes(`${IDLE_MS / 60_000} minutes without a gesture`))
  assert.ok(part('Sessions').includes(`${ABSOLUTE_MS / 3_600_000} hours from the proof of identity`))
  assert.ok(part('Sessions').includes('not limited'))
  assert.ok(part('Passwords').includes(`${LENGTH_MIN} to ${LENGTH_MAX} characters`))
  assert.ok(part('Passwords').includes(`for ${LINK_MINUTES} minutes`))
  const limits = part('Limits and locks')
  for (const text of [
    `${perPerson.hour} an hour, ${perPerson.day} a day; ${perPerson.limitedDay} a day`,
    `${perAddress.hour} an hour, ${perAddress.day} a day`,
    `${perOrganism.patientsHour} an hour; ${perOrganism.deskHour} an hour`,
    `${night.from}–${night.to}`,
    '`CONSILIUM_PASSWORD_TRIES` (10)',
  ])
    assert.ok(limits.includes(text), text)
})

test('docs/identity.md tells every way in, and there is no other', () => {
  const routes = Object.keys({ ...accountsContract, ...cardsContract, ...passwordsContract })
    .map((name) => name.split(' ')[1]!)
    .filter((path) => path.startsWith('/api/sign-in/') && path !== '/api/sign-in/options')
    .map((path) => /^\/api\/sign-in\/(organism\/:issuerId|\w+)/.exec(path)![0])
  const told = [...part('Ways in').matchAll(/`(\/api\/sign-in\/[^`]+)`/g)].map(([, path]) => path!)
  assert.deepEqual([...new Set(told)].toSorted(), [...new Set(routes)].toSorted())
  // Sessions are opened in one place.
  const openers = readdirSync(new URL('src', ROOT), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => /\bsessions\.open\(/.test(read(`src/${file}`)))
  assert.deepEqual(openers, ['services/accounts/open-session.ts'])
})
