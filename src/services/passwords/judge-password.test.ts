import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createEstimator } from './estimator.ts'
import type { Holder } from './holder.ts'
import {
  COMMON,
  GUESSABLE,
  judgePassword,
  LENGTH_MAX,
  ownWords,
  PERSONAL,
  TOO_LONG,
  TOO_SHORT,
} from './judge-password.ts'

const estimator = createEstimator()
after(() => estimator.close())

const holder: Holder = {
  personId: '00000000-0000-4000-8000-000000000001',
  identifier: '99709990016',
  names: ['CAMILLE', 'EXEMPLE-D’ESSAI'],
  email: 'camille.exemple@praticien.example',
  places: ['CABINET DU SPÉCIMEN 94700 MAISONS ALFORT'],
  active: true,
}
const judge = (password: string) => judgePassword(estimator, holder, password)

describe('a password', () => {
  for (const password of [
    'girafe vinaigre boussole',
    'une phrase assez longue pour durer',
    'x7#kQ9pL2mWz',
    'Éléphant, élastique, été',
    'длинный пароль из слов',
    `${'girafe vinaigre boussole '.repeat(5)}ok`,
  ])
    test(`is taken: ${password.slice(0, 40)}`, async () => {
      assert.deepEqual((await judge(password)).reasons, [])
    })

  const refused: [string, string][] = [
    ['abc', TOO_SHORT],
    ['x7#kQ9pL2mW', TOO_SHORT],
    ['é'.repeat(11), TOO_SHORT],
    ['a'.repeat(LENGTH_MAX + 1), TOO_LONG],
    ['99709990016!', PERSONAL],
    ['camille exemple 94', PERSONAL],
    ['ÉxempleCamille2026', PERSONAL],
    ['consilium1234', PERSONAL],
    ['maisons-alfort-94700', PERSONAL],
    ['azertyuiop123', GUESSABLE],
    ['motdepasse123', GUESSABLE],
    ['aaaaaaaaaaaaaaaaaaaa', GUESSABLE],
  ]
  for (const [password, reason] of refused)
    test(`is refused: ${password.slice(0, 40)}`, async () => {
      const judged = await judge(password)
      assert.equal(judged.accepted, false)
      assert.equal(judged.reasons[0], reason)
      for (const sentence of judged.reasons) assert.match(sentence, /[.!?]$/)
    })

  test('that leaked as it is, is said to be common', async () => {
    assert.deepEqual((await judge('passwordpassword')).accepted, false)
    assert.equal((await judge('1q2w3e4r5t6y')).reasons[0], COMMON)
  })

  test('written in two ways is one', async () => {
    assert.deepEqual(await judge('e\u0301te\u0301 girafe bou\u0301ssole'), await judge('été girafe boússole'))
  })
})

test('the words of a person are those of three letters and more, without accents', () => {
  const words = ownWords(holder)
  for (const word of ['camille', 'exemple', 'essai', 'specimen', '94700', 'consilium', '99709990016'])
    assert.ok(words.includes(word), word)
  assert.ok(!words.includes('du'))
})
