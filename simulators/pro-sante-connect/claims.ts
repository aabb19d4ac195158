// The claims of Pro Santé Connect for a fictional practitioner: every field there, most of them empty strings,
// as the real userinfo is (ANS test fixtures).
import type { FictionalActivity, FictionalPractitioner } from '../people.ts'

/** `sub` is a Keycloak federated id; opaque, never to be parsed. */
export function subjectOf(person: FictionalPractitioner): string {
  return `f:00000000-1111-4222-8333-444444444444:${person.nationalId}`
}

export function identityClaims(person: FictionalPractitioner): Record<string, unknown> {
  return {
    preferred_username: person.nationalId,
    SubjectNameID: person.nationalId,
    given_name: person.givenName,
    family_name: person.familyName,
  }
}

export function userinfoClaims(
  person: FictionalPractitioner,
  signIn: { means: string; acr?: string } = { means: 'CARD' },
): Record<string, unknown> {
  const identity = { ...identityClaims(person), codeCivilite: person.civility }
  // A person of whom the sector knows nothing brings nothing else.
  if (!person.exercices) return identity
  const first = person.exercices[0]
  const place = first?.activities[0]
  return {
    ...identity,
    email_verified: false,
    ...(person.email ? { email: person.email } : {}),
    SubjectRole: first?.profession ? [`${first.profession}^1.2.250.1.213.1.1.5.5`] : [],
    Secteur_Activite: place?.sector ? `${place.sector}^1.2.250.1.71.4.2.4` : '',
    SubjectOrganization: place?.name ?? '',
    SubjectOrganizationID: place?.structureId ?? '',
    Mode_Acces_Raison: '',
    Acces_Regulation_Medicale: 'FAUX',
    Palier_Authentification: 'APPPRIP3^1.2.250.1.213.1.5.1.1.1',
    PSI_Locale: '1.2.250.1.213.1.3.1.1',
    UITVersion: '1.0',
    authMode: signIn.means,
    otherIds: person.rpps ? [{ identifiant: person.nationalId, origine: 'RPPS', qualite: 1 }] : [],
    SubjectRefPro: {
      exercices: person.exercices.map((exercice) => ({
        codeProfession: exercice.profession,
        codeCategorieProfessionnelle: exercice.category,
        codeCiviliteDexercice: exercice.civility,
        nomDexercice: person.familyName,
        prenomDexercice: person.givenName,
        codeTypeSavoirFaire: exercice.skillType,
        codeSavoirFaire: exercice.skill,
        activities: exercice.activities.map(activityClaims),
      })),
    },
  }
}

function activityClaims(activity: FictionalActivity): Record<string, string> {
  return {
    codeModeExercice: activity.mode,
    codeSecteurDactivite: activity.sector,
    codeSectionPharmacien: '',
    codeRole: '',
    codeGenreActivite: 'GENR01',
    numeroSiretSite: '',
    numeroSirenSite: '',
    numeroFinessSite: activity.finess,
    numeroFinessetablissementJuridique: '',
    identifiantTechniqueDeLaStructure: activity.structureId,
    ancienIdentifiantDeLaStructure: '',
    raisonSocialeSite: activity.name,
    enseigneCommercialeSite: '',
    autoriteDenregistrement: '',
    numeroVoie: activity.number,
    indiceRepetitionVoie: '',
    codeTypeDeVoie: activity.streetType,
    libelleVoie: activity.street,
    complementDestinataire: activity.complement,
    complementPointGeographique: '',
    mentionDistribution: '',
    bureauCedex: [activity.postalCode, activity.city].filter(Boolean).join(' '),
    codePostal: activity.postalCode,
    codeCommune: '',
    codePays: activity.postalCode ? '99000' : '',
    codeDepartement: '',
    telephone: activity.phone,
    telephone2: '',
    telecopie: '',
    adresseEMail: activity.email,
  }
}

/** Names of all claims above, which the scope `scope_all` brings. */
export const claimNames = [
  'preferred_username',
  'SubjectNameID',
  'given_name',
  'family_name',
  'codeCivilite',
  'email',
  'email_verified',
  'SubjectRole',
  'Secteur_Activite',
  'SubjectOrganization',
  'SubjectOrganizationID',
  'Mode_Acces_Raison',
  'Acces_Regulation_Medicale',
  'Palier_Authentification',
  'PSI_Locale',
  'UITVersion',
  'authMode',
  'otherIds',
  'SubjectRefPro',
]
