import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isFit, packagedNode } from './fit-node.js'

const folder = mkdtempSync(join(tmpdir(), 'consilium-fit-'))
after(() => rmSync(folder, { recursive: true, force: true }))

// A script that believes, the first time, that it runs on an old Node.
const script = join(folder, 'script.mjs')
writeFileSync(
  script,
  `import { withFitNode } from ${JSON.stringify(import.meta.resolve('./fit-node.js'))}
   if (process.env.PRETEND) {
     Object.defineProperty(process.versions, 'node', { value: process.env.PRETEND })
     delete process.env.PRETEND
   }
   await withFitNode(import.meta.url, async () => {
     if (process.argv[2] === 'fail') process.exitCode = 7
     if (process.argv[2] === 'wait') {
       setInterval(() => {}, 1000)
       process.on('SIGTERM', () => process.exit(9))
     }
     console.log(process.versions.node, process.argv.slice(2).join(' '))
   })`,
)

function start(...args: string[]): { child: ChildProcess; said: Promise<string>; code: Promise<number | null> } {
  const env = { ...process.env, PRETEND: '20.20.2' }
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  return {
    child,
    said: new Promise((resolve) => child.stdout!.once('data', (chunk) => resolve(String(chunk).trim()))),
    code: new Promise((resolve) => child.once('exit', resolve)),
  }
}

test('knows which versions run TypeScript as it is', () => {
  const versions = ['20.20.2', '22.17.9', '22.18.0', '23.5.0', '23.6.0', '24.0.0', '26.1.0']
  assert.deepEqual(versions.map(isFit), [false, false, true, false, true, true, true])
})

test('finds the Node that npm brings, and none where there is none', () => {
  assert.ok(packagedNode())
  assert.equal(packagedNode('sunos-sparc'), undefined)
})

test('an old Node passes arguments and exit code through the fit one', async () => {
  const { said, code } = start('fail', 'two words')
  const [version, ...words] = (await said).split(' ')
  assert.ok(isFit(version!), version)
  assert.equal(words.join(' '), 'fail two words')
  assert.equal(await code, 7)
})

test('an old Node passes signals on and waits for the end', async () => {
  const { child, said, code } = start('wait')
  await said
  child.kill('SIGTERM')
  assert.equal(await code, 9)
})
