import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readPractitioner, readStaff } from './claims.ts'
import { readLabels } from './professions.ts'

const labels = readLabels()

const activity = {
  codeSecteurDactivite: 'SA07',
  identifiantTechniqueDeLaStructure: 'R99000001',
  raisonSocialeSite: 'CABINET DR EXEMPLE',
  numeroVoie: '1',
  indiceRepetitionVoie: 'B',
  codeTypeDeVoie: 'R',
  libelleVoie: 'DE L EXEMPLE',
  bureauCedex: '94700 MAISONS ALFORT',
  codePostal: '94700',
  adresseEMail: '',
}
const exercice = {
  codeProfession: '10',
  codeCiviliteDexercice: 'DR',
  nomDexercice: 'EXEMPLE',
  prenomDexercice: 'CAMILLE',
  codeSavoirFaire: 'SM54',
  activities: [activity],
}
const userinfo = {
  SubjectNameID: '899709990016',
  given_name: 'CAMILLE',
  family_name: 'EXEMPLE',
  otherIds: [{ identifiant: '899709990016', origine: 'RPPS', qualite: 1 }],
  SubjectRefPro: { exercices: [exercice] },
}
const withActivity = (fields: object) => ({
  ...userinfo,
  SubjectRefPro: { exercices: [{ ...exercice, activities: [{ ...activity, ...fields }] }] },
})
const withExercice = (fields: object) => ({ ...userinfo, SubjectRefPro: { exercices: [{ ...exercice, ...fields }] } })

function read(claims: unknown) {
  const { identity, refusal } = readPractitioner(claims, labels)
  assert.equal(refusal, undefined)
  return identity!
}

describe('claims of Pro Santé Connect', () => {
  test('a practitioner with one place', () => {
    assert.deepEqual(read(userinfo), {
      kind: 'practitioner',
      nationalId: '899709990016',
      rpps: '99709990016',
      civility: 'Dr',
      givenName: 'Camille',
      familyName: 'EXEMPLE',
      professionCode: '10',
      profession: 'Médecin',
      speciality: 'Médecine générale',
      email: null,
      places: [
        {
          key: 'R99000001',
          name: 'CABINET DR EXEMPLE',
          addressLine: '1 B RUE DE L EXEMPLE',
          city: '94700 MAISONS ALFORT',
          professionCode: '10',
          profession: 'Médecin',
          speciality: 'Médecine générale',
          sectorCode: 'SA07',
        },
      ],
    })
  })

  const refusals: [string, unknown, string][] = [
    ['a CPE, without SubjectRefPro', { SubjectNameID: '30B9999997/CPET00001' }, 'not-a-professional'],
    ['a professional without SubjectRefPro', { ...userinfo, SubjectRefPro: undefined }, 'not-a-professional'],
    ['SubjectRefPro that is null', { ...userinfo, SubjectRefPro: null }, 'not-a-professional'],
    ['SubjectRefPro without exercices', { ...userinfo, SubjectRefPro: {} }, 'not-a-professional'],
    ['SubjectRefPro as an empty text', { ...userinfo, SubjectRefPro: '' }, 'not-a-professional'],
    ['nobody’s id', { SubjectRefPro: { exercices: [exercice] } }, 'not-a-professional'],
    ['no exercice', { ...userinfo, SubjectRefPro: { exercices: [] } }, 'no-place-of-practice'],
    ['an exercice without activities', withExercice({ activities: [] }), 'no-place-of-practice'],
    ['an exercice whose activities are missing', withExercice({ activities: undefined }), 'no-place-of-practice'],
    ['nothing at all', null, 'not-a-professional'],
    ['a text in place of claims', 'claims', 'not-a-professional'],
  ]
  for (const [name, claims, expected] of refusals) {
    test(`refused: ${name}`, () => assert.equal(readPractitioner(claims, labels).refusal, expected))
  }

  test('identical exercices make one place', () => {
    assert.equal(read({ ...userinfo, SubjectRefPro: { exercices: [exercice, exercice] } }).places.length, 1)
  })

  test('several places keep their order and their own profession', () => {
    const second = {
      ...exercice,
      codeSavoirFaire: 'SM42',
      activities: [{ ...activity, identifiantTechniqueDeLaStructure: 'F940999980' }],
    }
    const { places } = read({ ...userinfo, SubjectRefPro: { exercices: [exercice, second] } })
    assert.deepEqual(
      places.map(({ key, speciality }) => [key, speciality]),
      [
        ['R99000001', 'Médecine générale'],
        ['F940999980', 'Psychiatrie'],
      ],
    )
  })

  test('two exercices of two professions: each place has its own, in one structure too', () => {
    const nurse = { ...exercice, codeProfession: '60', codeSavoirFaire: '' }
    const hearing = { ...exercice, codeProfession: '26', codeSavoirFaire: '' }
    const elsewhere = { ...activity, identifiantTechniqueDeLaStructure: 'R99000099' }
    const exercices = [hearing, nurse, { ...nurse, activities: [elsewhere] }]
    const places = (list: object[]) =>
      read({ ...userinfo, SubjectRefPro: { exercices: list } }).places.map(({ key, professionCode, profession }) => [
        key,
        professionCode,
        profession,
      ])
    assert.deepEqual(places(exercices), [
      ['R99000001', '26', 'Audioprothésiste'],
      ['R99000001/60', '60', 'Infirmier'],
      ['R99000099', '60', 'Infirmier'],
    ])
    // The keys are the same whatever order the exercices come in: the boxes behind them stay what they were.
    assert.deepEqual(places(exercices.toReversed()).toSorted(), places(exercices).toSorted())
  })

  test('an exercice without activity names nobody where another one has some', () => {
    const over = { ...exercice, codeProfession: '21', codeSavoirFaire: '', activities: [] }
    const identity = read({ ...userinfo, SubjectRefPro: { exercices: [over, exercice] } })
    assert.deepEqual([identity.professionCode, identity.profession, identity.places.length], ['10', 'Médecin', 1])
  })

  test('the holder of a CPE is an employee of the structure, with no profession of their own', () => {
    const cpe = {
      sub: 'f:00000000-1111-4222-8333-444444444444:30B0168811/CPET00001',
      SubjectNameID: '30B0168811/CPET00001',
      given_name: 'MORGAN',
      family_name: 'FACTICE',
      otherIds: [],
      SubjectRefPro: {
        exercices: [
          { codeProfession: '', codeCategorieProfessionnelle: '', nomDexercice: '', activities: [activity] },
          { codeProfession: '', activities: [activity] },
        ],
      },
    }
    const identity = read(cpe)
    assert.deepEqual(
      [identity.kind, identity.nationalId, identity.rpps, identity.professionCode, identity.profession],
      ['employee', '30B0168811/CPET00001', '', '', 'Employé de structure'],
    )
    assert.deepEqual([identity.givenName, identity.familyName], ['Morgan', 'FACTICE'])
    assert.deepEqual(
      identity.places.map(({ name, profession, professionCode }) => [name, profession, professionCode]),
      [['CABINET DR EXEMPLE', 'Employé de structure', '']],
    )
    // Somebody with an RPPS whose profession was left empty is a professional of unknown profession all the same.
    assert.equal(read(withExercice({ codeProfession: '' })).kind, 'practitioner')
  })

  test('a mode of practice that is empty, or new (« I », 2026), and missing fields change nothing', () => {
    for (const codeModeExercice of ['', 'I', undefined])
      assert.equal(read(withActivity({ codeModeExercice })).places[0]?.name, 'CABINET DR EXEMPLE')
    const bare = read({ ...userinfo, SubjectRefPro: { exercices: [{ activities: [{}] }] } })
    assert.equal(bare.places.length, 1)
    assert.equal(bare.familyName, 'EXEMPLE')
  })

  test('lists with what is no object in them are read past it', () => {
    const exercices = [null, 'x', 7, { ...exercice, activities: [null, activity] }]
    const { places } = read({ ...userinfo, otherIds: [null, 'x'], SubjectRefPro: { exercices } })
    assert.ok(places.some(({ key }) => key === 'R99000001'))
  })

  test('the key of a place is the technical id, else FINESS, else SIRET, else a digest that does not change', () => {
    const key = (fields: object) =>
      read(withActivity({ identifiantTechniqueDeLaStructure: '', ...fields })).places[0]!.key
    assert.equal(key({ numeroFinessSite: '0B0172805' }), '0B0172805')
    assert.equal(key({ numeroSiretSite: '00000000000000' }), '00000000000000')
    assert.match(key({}), /^place:[0-9a-f]{32}$/)
    assert.equal(key({}), key({ telephone: '0100000000' }))
    assert.notEqual(key({}), key({ numeroVoie: '2' }))
  })

  test('a place whose fields are all empty still has a name', () => {
    const empty = Object.fromEntries(Object.keys(activity).map((name) => [name, '']))
    const [place] = read(withActivity(empty)).places
    assert.equal(place?.name, 'Lieu d’exercice')
    assert.equal(place?.addressLine, '')
    assert.equal(read(withActivity({ ...empty, codeSecteurDactivite: 'SA33' })).places[0]?.name, 'Pharmacie d’officine')
  })

  const ids: [string, object, string, string][] = [
    ['a sandbox id with letters', { SubjectNameID: 'ANS20231122132732', otherIds: [] }, 'ANS20231122132732', ''],
    [
      'otherIDs, as one OpenAPI spells it',
      {
        SubjectNameID: '0949999999',
        otherIds: undefined,
        otherIDs: [{ identifiant: '899709990016', origine: 'RPPS' }],
      },
      '0949999999',
      '99709990016',
    ],
    [
      'an RPPS given without its 8',
      { SubjectNameID: '0949999999', otherIds: [{ identifiant: '99709990016', origine: 'RPPS' }] },
      '0949999999',
      '99709990016',
    ],
    [
      'no SubjectNameID but a preferred_username',
      { SubjectNameID: '', preferred_username: '899709990016' },
      '899709990016',
      '99709990016',
    ],
    ['an id as a number', { SubjectNameID: 899709990016 }, '899709990016', '99709990016'],
    ['otherIds that is no list', { otherIds: 'x' }, '899709990016', '99709990016'],
    [
      'a wrong Luhn key, which is not ours to judge',
      { SubjectNameID: '899709990017', otherIds: [] },
      '899709990017',
      '99709990017',
    ],
  ]
  for (const [name, fields, nationalId, rpps] of ids) {
    test(`id: ${name}`, () => {
      const identity = read({ ...userinfo, ...fields })
      assert.equal(identity.nationalId, nationalId)
      assert.equal(identity.rpps, rpps)
    })
  }

  const emails: [string, object, string | null][] = [
    [
      'the activity’s own',
      { ...withActivity({ adresseEMail: 'a@praticien.example' }), email: 'b@praticien.example' },
      'a@praticien.example',
    ],
    ['the person’s where the activity has none', { ...userinfo, email: 'b@praticien.example' }, 'b@praticien.example'],
    [
      'the person’s where the activity’s is no address',
      { ...withActivity({ adresseEMail: 'néant' }), email: 'b@praticien.example' },
      'b@praticien.example',
    ],
    ['none where all are empty', { ...userinfo, email: '' }, null],
    [
      'none from two lines, which could add a header',
      { ...userinfo, email: 'b@praticien.example\r\nBcc: c@autre.example' },
      null,
    ],
  ]
  for (const [name, claims, expected] of emails) {
    test(`e-mail: ${name}`, () => assert.equal(read(claims).email, expected))
  }

  const names: [string, object, string, string, string][] = [
    [
      'the name practised under comes first',
      { nomDexercice: 'AUTRE', prenomDexercice: 'JEAN-PIERRE' },
      '',
      'Jean-Pierre',
      'AUTRE',
    ],
    ['accents and apostrophes', { nomDexercice: 'd’exemple', prenomDexercice: 'YAËL' }, '', 'Yaël', 'D’EXEMPLE'],
    ['a mixed case is kept', { prenomDexercice: 'McLou' }, '', 'McLou', 'EXEMPLE'],
    ['the civil names where it is empty', { nomDexercice: '', prenomDexercice: '' }, '', 'Camille', 'EXEMPLE'],
    ['the title of a professor', { codeCiviliteDexercice: 'PR' }, 'Pr', 'Camille', 'EXEMPLE'],
  ]
  for (const [name, fields, civility, givenName, familyName] of names) {
    test(`name: ${name}`, () => {
      const identity = read(withExercice({ codeCiviliteDexercice: '', ...fields }))
      assert.deepEqual([identity.civility, identity.givenName, identity.familyName], [civility, givenName, familyName])
    })
  }

  test('the three skills of general practice have one label, an unknown code none', () => {
    for (const code of ['SM26', 'SM53', 'SM54']) {
      assert.equal(read(withExercice({ codeSavoirFaire: code })).speciality, 'Médecine générale')
    }
    assert.equal(read(withExercice({ codeSavoirFaire: 'SM999' })).speciality, '')
    const unknown = read(withExercice({ codeProfession: '' }))
    assert.deepEqual([unknown.professionCode, unknown.profession], ['', 'Professionnel de santé'])
  })

  test('nothing that PostgreSQL would refuse, nothing without end', () => {
    const { places } = read(withActivity({ raisonSocialeSite: `A\u0000\uD800${'x'.repeat(5000)}` }))
    assert.ok(places[0]!.name.isWellFormed() && !places[0]!.name.includes('\u0000'))
    assert.ok(places[0]!.name.length <= 200)
    const many = Array.from({ length: 500 }, (_, i) => ({ ...activity, identifiantTechniqueDeLaStructure: `R${i}` }))
    assert.equal(read(withExercice({ activities: many })).places.length, 50)
  })
})

describe('claims of an insurer’s provider', () => {
  const names = { role: 'role', organisms: 'organisms' }
  const staff = {
    sub: 'fictif-1',
    given_name: 'SIDONIE',
    family_name: 'Pseudonyme',
    civility: 'DR',
    role: 'medecin_conseil',
    organisms: ['01-941'],
  }

  test('role and organisms, under the names that the configuration gives', () => {
    assert.deepEqual(readStaff(staff, names), {
      subject: 'fictif-1',
      civility: 'Dr',
      givenName: 'Sidonie',
      familyName: 'PSEUDONYME',
      email: null,
      roles: ['medecin_conseil'],
      organisms: ['01-941'],
    })
    const other = readStaff(
      { ...staff, groups: ['a', 'b'], caisses: '01-941, 01-451' },
      { role: 'groups', organisms: 'caisses' },
    )
    assert.deepEqual(other?.roles, ['a', 'b'])
    assert.deepEqual(other?.organisms, ['01-941', '01-451'])
  })

  test('a claim is found inside another, and by a name that has dots of its own', () => {
    const given = {
      ...staff,
      realm_access: { roles: ['a', 'b'] },
      'https://organisme.example/caisses': ['01-941'],
      role: 'Médecin conseil',
    }
    const read = readStaff(given, { role: 'realm_access.roles', organisms: 'https://organisme.example/caisses' })
    assert.deepEqual(read?.roles, ['a', 'b'])
    assert.deepEqual(read?.organisms, ['01-941'])
    // A text with a space may be one role: it counts whole, and in parts.
    assert.deepEqual(readStaff(given, names)?.roles, ['Médecin conseil', 'Médecin', 'conseil'])
    for (const role of ['realm_access.constructor', 'realm_access.roles.length', '__proto__.roles', 'role.length'])
      assert.deepEqual(readStaff(given, { ...names, role })?.roles, [], role)
  })

  test('missing claims give nothing, a missing subject nobody', () => {
    const bare = readStaff({ sub: 'fictif-1' }, names)
    assert.deepEqual([bare?.roles, bare?.organisms], [[], []])
    assert.equal(readStaff({ role: 'medecin_conseil' }, names), null)
  })
})
