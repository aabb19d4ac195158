// A card as it is: the key was made in a PKCS #11 token (SoftHSM), never leaves it, and its code opens it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { installPackages, whyNoInstall } from '../../tooling/debian.ts'
import { type CardWorld, readAnswer, run, startCardWorld, wanted } from './card-world.ts'

const CODE = '1234'
const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
]
const moduleFile = () => MODULES.find((file) => existsSync(file))

/** Why no token can be made here, or false. */
async function whyNoToken(): Promise<string | false> {
  const why = await wanted({ openssl: 'openssl', 'softhsm2-util': 'softhsm2', 'pkcs11-tool': 'opensc' })
  if (why) return why
  const loads = () =>
    run('openssl', ['engine', 'pkcs11']).then(
      () => true,
      () => false,
    )
  if (!(await loads())) {
    const cannot = whyNoInstall()
    if (cannot) return `openssl has no PKCS #11 engine, and none may be installed (${cannot})`
    await installPackages(['libengine-pkcs11-openssl'])
  }
  if (!(await loads())) return 'this openssl loads no PKCS #11 engine'
  return moduleFile() ? false : 'SoftHSM is not where it is looked for'
}

const missing = await whyNoToken()
let place: CardWorld
before(async () => {
  if (!missing) place = await startCardWorld()
})
after(() => place?.stop())

test('a key that lives in a token signs in, and not without its code', { skip: missing }, async () => {
  const path = (...names: string[]) => join(place.folder, ...names)
  mkdirSync(path('token'))
  writeFileSync(
    path('softhsm.conf'),
    `directories.tokendir = ${path('token')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  )
  const env = { ...process.env, SOFTHSM2_CONF: path('softhsm.conf'), PKCS11_MODULE_PATH: moduleFile()! }
  const tool = (words: string[]) =>
    run('pkcs11-tool', ['--module', moduleFile()!, '--token-label', 'carte', '--login', '--pin', CODE, ...words], {
      env,
    })
  await run('softhsm2-util', ['--init-token', '--free', '--label', 'carte', '--pin', CODE, '--so-pin', '12345678'], {
    env,
  })
  await tool(['--keypairgen', '--key-type', 'rsa:2048', '--id', '01', '--label', 'authentification'])
  await tool(['--read-object', '--type', 'pubkey', '--id', '01', '--output-file', path('public.der')])

  const doctor = await place.world.practitioner()
  const card = await place.card(doctor, { publicKey: new Uint8Array(readFileSync(path('public.der'))) })
  assert.equal(card.keyPem, '')

  const show = (address: URL, code: string) =>
    new Promise<string>((resolve, reject) => {
      const key = `pkcs11:token=carte;id=%01;type=private;pin-value=${code}`
      const words = ['s_client', '-connect', address.host, '-servername', 'localhost', '-quiet', '-engine', 'pkcs11']
      const child = spawn('openssl', [...words, '-keyform', 'engine', '-key', key, '-cert', card.certificateFile], {
        env,
      })
      let output = ''
      child.stdout.on('data', (chunk) => {
        output += chunk
      })
      child.stdin.on('error', () => {})
      child.on('error', reject)
      child.on('close', () => resolve(output))
      child.stdin.end(
        `GET ${address.pathname}${address.search} HTTP/1.1\r\nHost: ${address.host}\r\nConnection: close\r\n\r\n`,
      )
    })
  const browser = place.browser()
  const address = await browser.begin()
  assert.equal(readAnswer(await show(address, '9999')).location, null)
  const shown = readAnswer(await show(address, CODE))
  assert.equal(shown.status, 302)
  await browser.comeBack(shown.location!)
  const session = await browser.session()
  assert.equal(session.via, 'card')
  assert.equal(session.place?.activityId, doctor.activityIds[0])
})
