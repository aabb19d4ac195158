import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { covers, holds, SCOPES } from './holds.ts'

test('each scope covers itself and those before it', () => {
  for (const [i, has] of SCOPES.entries())
    for (const [j, needed] of SCOPES.entries()) assert.equal(covers(has, needed), j <= i, `${has} ${needed}`)
})

test('the question asks for the person, the box acted from, the moment, the scope and the motif', () => {
  const sql = holds({ person: '$1', at: '$2', boxes: '$3', scope: 'read', motif: 'x.motif' })
  for (const part of [
    'h.person_id = $1',
    'any ($3::uuid[])',
    'h.valid_to > $2',
    "h.scope >= 'read'",
    'x.motif = any (h.motifs)',
  ])
    assert.ok(sql.includes(part), part)
})

test('no statement of the exchanges asks box_holder in words of its own', () => {
  const folder = join(import.meta.dirname, '../../services/exchanges')
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.ts'))) {
    const text = readFileSync(join(folder, name), { encoding: 'utf8', flag: 'r' })
    const asked = text.split('portal.box_holder').length - 1
    const shared = text.split(/\$\{holds\(/).length - 1
    assert.equal(shared, asked, `${name} asks box_holder ${asked} times, and ${shared} times with holds()`)
  }
})
