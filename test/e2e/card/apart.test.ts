// The listener in a process of its own: the portal offers the card, another process asks for it, on the same database.
import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CookieJar } from '../../../simulators/openid/cookie-jar.ts'
import { findCommand } from '../../tooling/debian.ts'
import { type Product, startProduct } from '../product.ts'

const PORT = 9040
const BIN = fileURLToPath(new URL('../../../bin/consilium.js', import.meta.url))
const run = promisify(execFile)
const missing = findCommand(['curl']) ? false : 'no curl here'

let product: Product
let listener: ChildProcess
let output = ''
before(async () => {
  if (missing) return
  product = await startProduct(PORT, { CONSILIUM_CARD: 'apart' })
})
after(async () => {
  listener?.kill('SIGTERM')
  await product?.end()
})

const show = async (address: string, card: string) => {
  const words = ['-sS', '-k', '-o', '/dev/null', '-w', '%{http_code} %{redirect_url}', '--cert', card, address]
  return (await run('curl', words).catch(({ stdout }) => ({ stdout: String(stdout) }))).stdout.trim()
}

test('the portal itself listens for no card; `consilium card` does, and its ticket opens a session there', {
  skip: missing,
}, async () => {
  const card = join(product.dataFolder, 'cards/cards/cps-sage-femme.pem')
  const jar = new CookieJar()
  const begin = async () => (await jar.request(`${product.url}/api/sign-in/card`)).headers.get('location')!
  assert.match(await begin(), new RegExp(`^https://localhost:${PORT + 4}/\\?etat=`))
  assert.match(await show(await begin(), card), /^000/)

  const { PATH, HOME } = process.env
  const env = { PATH, HOME, PORT: String(PORT), CONSILIUM_DATA: product.dataFolder, CONSILIUM_CARD: 'apart' }
  listener = spawn(process.execPath, [BIN, 'card'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [listener.stdout!, listener.stderr!])
    stream.on('data', (chunk) => {
      output += chunk
    })
  for (const deadline = Date.now() + 30_000; !output.includes('listens for cards'); await sleep(50))
    if (Date.now() > deadline || listener.exitCode !== null) assert.fail(output)

  const [status, location] = (await show(await begin(), card)).split(' ')
  assert.equal(status, '302')
  assert.equal((await jar.request(location!)).headers.get('location'), '/')
  const session = (await (await jar.request(`${product.url}/api/session`)).json()) as { via: string; state: string }
  assert.deepEqual([session.via, session.state], ['card', 'signedIn'])

  // The portal outlives it, and its database too.
  const ended = new Promise((resolve) => listener.once('close', resolve))
  listener.kill('SIGTERM')
  assert.equal(await ended, 0, output)
  assert.equal((await jar.request(`${product.url}/api/session`)).status, 200)
})
