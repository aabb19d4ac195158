import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { copyBinaries, findBinaries, linkLibraries } from './binaries.ts'

test('says to set DATABASE_URL where npm brings no binaries', () => {
  assert.throws(() => findBinaries('sunos-sparc'), /DATABASE_URL/)
  assert.throws(() => findBinaries('win32-x64'), /DATABASE_URL/)
})

test('a copy is made once and gets back the links that npm does not pack', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'consilium-binaries-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const copy = copyBinaries(findBinaries(), folder)
  const links: { target: string }[] = JSON.parse(readFileSync(join(copy.root, 'pg-symlinks.json'), 'utf8'))
  assert.ok(links.length > 0)
  const targets = links.map(({ target }) => join(dirname(copy.root), target))
  for (const target of targets) rmSync(target, { force: true })
  assert.equal(linkLibraries(copy), true)
  assert.deepEqual(
    targets.filter((target) => !existsSync(target)),
    [],
  )
  rmSync(targets[0]!)
  assert.equal(copyBinaries(findBinaries(), folder).root, copy.root)
  assert.equal(existsSync(targets[0]!), false, 'the copy is not made again')
})
