import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'
import { createDraftSaver, type DraftState, type Failure, type Saved, type Stored } from './draft-saver.ts'

type Content = { text: string }
type Call = { what: string; text: string; version?: number; key?: string; passive: boolean; at: number }

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({ apis: ['setTimeout', 'Date'] })
})

/** A server that answers what it is told to, and remembers what it was asked. */
function scene({ stored = null as Stored<Content> | null, canCreate = true } = {}) {
  const calls: Call[] = []
  const removed: string[] = []
  const failures: Failure<Content>[] = []
  let gate: Promise<void> | null = null
  let version = stored?.version ?? 0
  let keys = 0
  let state: DraftState<Content> | null = null
  async function answer(call: Call): Promise<Saved> {
    calls.push(call)
    const failure = failures.shift()
    if (gate) await gate
    if (failure) throw failure
    version++
    return { draftId: 'draft', version, updatedAt: `saving ${version}` }
  }
  const saver = createDraftSaver<Content>(
    {
      create: ({ text }, { key, passive }) => answer({ what: 'create', text, key, passive, at: Date.now() }),
      save: (_id, version, { text }, { passive }) => answer({ what: 'save', text, version, passive, at: Date.now() }),
      remove: async (draftId) => void removed.push(draftId),
      sort: (failure) => failure as Failure<Content>,
      canCreate,
      worthCreating: ({ text }) => text !== '',
      tooLong: ({ text }) => text.length > 20,
      newKey: () => `key ${++keys}`,
      changed: (next) => {
        state = next
      },
    },
    { text: '' },
    stored,
  )
  return {
    saver,
    calls,
    removed,
    fail: (...next: Failure<Content>[]) => failures.push(...next),
    shut() {
      let open: () => void = () => {}
      gate = new Promise((resolve) => {
        open = () => {
          gate = null
          resolve()
        }
      })
      return () => open()
    },
    state: () => state,
  }
}
/** Time passes, and what it set off is done. */
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 100) {
    mock.timers.tick(Math.min(100, left))
    await settle()
  }
}
async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) await Promise.resolve()
}
const conflictWith = (text: string, version: number): Failure<Content> => ({
  kind: 'conflict',
  stored: { draftId: 'draft', version, updatedAt: 'elsewhere', content: { text } },
})

test('a pause of a second and a half creates, then saves over the version answered', async () => {
  const { saver, calls, state } = scene()
  saver.change({ text: 'B' })
  saver.change({ text: 'Bonjour' })
  await pass(1_400)
  assert.equal(calls.length, 0)
  assert.equal(state()?.saved, false)
  await pass(200)
  assert.deepEqual(
    calls.map(({ what, text }) => [what, text]),
    [['create', 'Bonjour']],
  )
  assert.equal(state()?.saved, true)
  assert.equal(state()?.savedAt, 'saving 1')
  saver.change({ text: 'Bonjour Docteur' })
  await pass(1_600)
  assert.deepEqual(
    calls.map(({ what, version }) => [what, version]),
    [
      ['create', undefined],
      ['save', 1],
    ],
  )
})

test('typing without a pause is saved every ten seconds', async () => {
  const { saver, calls } = scene()
  for (let i = 1; i <= 20; i++) {
    saver.change({ text: 'a'.repeat(i) })
    await pass(1_000)
  }
  assert.ok(calls.length >= 1 && calls.length <= 3, `${calls.length} savings`)
  assert.ok(calls[0]!.at <= 10_000, `first at ${calls[0]!.at}`)
})

test('nothing is created for an untouched or emptied screen', async () => {
  const { saver, calls, state } = scene()
  saver.change({ text: 'a' })
  saver.change({ text: '' })
  await pass(20_000)
  assert.equal(calls.length, 0)
  assert.equal(state()?.saved, true)
})

test('what is typed while a saving is under way is saved after it', async () => {
  const { saver, calls, shut } = scene()
  const open = shut()
  saver.change({ text: 'one' })
  await pass(1_600)
  saver.change({ text: 'one two' })
  await pass(5_000)
  assert.equal(calls.length, 1)
  open()
  await pass(1_600)
  assert.deepEqual(
    calls.map(({ what, text, version }) => [what, text, version]),
    [
      ['create', 'one', undefined],
      ['save', 'one two', 1],
    ],
  )
})

test('offline: a creation is asked again with its key and its content, passively, then what was typed since', async () => {
  const { saver, calls, fail, state } = scene()
  fail({ kind: 'offline' }, { kind: 'offline' })
  saver.change({ text: 'one' })
  await pass(1_600)
  assert.equal(state()?.trouble?.kind, 'offline')
  await pass(2_000)
  saver.change({ text: 'one two' })
  await pass(6_000)
  assert.deepEqual(
    calls.map(({ what, text, key, passive }) => [what, text, key, passive]),
    [
      ['create', 'one', 'key 1', false],
      ['create', 'one', 'key 1', true],
      ['create', 'one', 'key 1', false],
      ['save', 'one two', undefined, true],
    ],
  )
  assert.equal(state()?.trouble, null)
  assert.equal(state()?.saved, true)
})

test('offline: the network coming back tries at once', async () => {
  const { saver, calls, fail, state } = scene()
  fail({ kind: 'offline' })
  saver.change({ text: 'one' })
  await pass(1_600)
  saver.retry()
  await settle()
  assert.equal(calls.length, 2)
  assert.equal(state()?.saved, true)
})

test('an ended session waits for the sign-in, however long, and then goes on with the same key', async () => {
  const { saver, calls, fail, state } = scene()
  fail({ kind: 'session' })
  saver.change({ text: 'one' })
  await pass(60_000)
  assert.equal(calls.length, 1)
  assert.equal(state()?.trouble?.kind, 'session')
  saver.retry()
  await settle()
  assert.deepEqual(
    calls.map(({ key }) => key),
    ['key 1', 'key 1'],
  )
  assert.equal(state()?.saved, true)
})

test('conflict: nothing is saved until the choice; « mine » goes over the stored version and sets the other aside', async () => {
  const { saver, calls, fail, state } = scene({
    stored: { draftId: 'draft', version: 3, updatedAt: 'before', content: { text: 'old' } },
  })
  fail(conflictWith('theirs', 7))
  saver.change({ text: 'mine' })
  await pass(1_600)
  saver.change({ text: 'mine too' })
  await pass(30_000)
  assert.equal(calls.length, 1)
  assert.equal(state()?.trouble?.kind, 'conflict')
  assert.deepEqual(saver.resolve('mine'), { text: 'mine too' })
  await settle()
  assert.deepEqual(
    calls.map(({ text, version }) => [text, version]),
    [
      ['mine', 3],
      ['mine too', 7],
    ],
  )
  assert.deepEqual(state()?.setAside, { text: 'theirs' })
})

test('conflict: « stored » takes the other text, with nothing to save, and sets mine aside', async () => {
  const { saver, calls, fail, state } = scene()
  fail(conflictWith('theirs', 7))
  saver.change({ text: 'mine' })
  await pass(1_600)
  assert.deepEqual(saver.resolve('stored'), { text: 'theirs' })
  await pass(20_000)
  assert.equal(calls.length, 1)
  assert.equal(state()?.saved, true)
  assert.deepEqual(state()?.setAside, { text: 'mine' })
  saver.change({ text: 'theirs, then more' })
  await pass(1_600)
  assert.equal(calls.at(-1)?.version, 7)
})

test('the text set aside can be taken back, and back again', async () => {
  const { saver, calls, fail, state } = scene()
  fail(conflictWith('theirs', 7))
  saver.change({ text: 'mine' })
  await pass(1_600)
  saver.resolve('stored')
  assert.deepEqual(saver.takeBack(), { text: 'mine' })
  assert.deepEqual(state()?.setAside, { text: 'theirs' })
  await pass(1_600)
  assert.deepEqual([calls.at(-1)?.text, calls.at(-1)?.version], ['mine', 7])
  assert.deepEqual(saver.takeBack(), { text: 'theirs' })
})

test('a draft that is gone begins again when it can, and says so when it cannot', async () => {
  const stored = { draftId: 'draft', version: 3, updatedAt: 'before', content: { text: 'old' } }
  const able = scene({ stored })
  able.fail({ kind: 'gone', sentence: 'gone' })
  able.saver.change({ text: 'mine' })
  await pass(4_000)
  assert.deepEqual(
    able.calls.map(({ what, text }) => [what, text]),
    [
      ['save', 'mine'],
      ['create', 'mine'],
    ],
  )
  const unable = scene({ stored, canCreate: false })
  unable.fail({ kind: 'gone', sentence: 'gone' })
  unable.saver.change({ text: 'mine' })
  await pass(30_000)
  assert.equal(unable.calls.length, 1)
  assert.deepEqual(unable.state()?.trouble, { kind: 'refused', sentence: 'gone' })
  assert.equal(unable.state()?.saved, false)
})

test('a text too long is not sent to be refused, and is saved once shortened', async () => {
  const { saver, calls, state } = scene()
  saver.change({ text: 'a'.repeat(21) })
  await pass(1_600)
  assert.equal(calls.length, 0)
  assert.equal(state()?.trouble?.kind, 'tooLong')
  saver.change({ text: 'a'.repeat(20) })
  await pass(1_600)
  assert.equal(calls.length, 1)
  assert.equal(state()?.trouble, null)
})

test('flush saves at once and tells whether all is saved', async () => {
  const { saver, calls, fail } = scene()
  saver.change({ text: 'one' })
  assert.equal(await saver.flush(), true)
  assert.equal(calls.length, 1)
  fail({ kind: 'offline' })
  saver.change({ text: 'two' })
  assert.equal(await saver.flush(), false)
})

test('held for a sending: the saving under way ends first, nothing starts, and a release goes on', async () => {
  const { saver, calls, shut } = scene()
  const open = shut()
  saver.change({ text: 'one' })
  await pass(1_600)
  saver.change({ text: 'two' })
  let done = false
  const held = saver.hold().then(() => {
    done = true
  })
  await settle()
  assert.equal(done, false)
  open()
  await held
  await pass(20_000)
  assert.equal(calls.length, 1)
  saver.release()
  await pass(1_600)
  assert.equal(calls.at(-1)?.text, 'two')
})

test('once sent, nothing is saved any more', async () => {
  const { saver, calls } = scene()
  saver.change({ text: 'one' })
  saver.end()
  saver.change({ text: 'two' })
  await pass(20_000)
  assert.equal(calls.length, 0)
  assert.equal(await saver.flush(), true)
})

test('after a sending, the next text begins its own draft', async () => {
  const { saver, calls, state } = scene()
  saver.change({ text: 'one' })
  await saver.flush()
  await saver.hold()
  saver.begin({ text: '' })
  assert.deepEqual([state()?.draftId, state()?.saved], [null, true])
  saver.change({ text: 'two' })
  await pass(1_600)
  assert.deepEqual(
    calls.map(({ what, text }) => [what, text]),
    [
      ['create', 'one'],
      ['create', 'two'],
    ],
  )
})

test('an emptied draft is thrown away on leaving, a written one is not', async () => {
  const emptied = scene()
  emptied.saver.change({ text: 'one' })
  await emptied.saver.flush()
  emptied.saver.change({ text: '' })
  await emptied.saver.flush()
  await emptied.saver.leave()
  assert.deepEqual(emptied.removed, ['draft'])
  const written = scene()
  written.saver.change({ text: 'one' })
  await written.saver.flush()
  await written.saver.leave()
  assert.deepEqual(written.removed, [])
})
