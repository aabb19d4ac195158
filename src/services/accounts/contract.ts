// Sign-in, session, place of practice, address for notices: what crosses the wire.
import { z } from 'zod'
import { contract, Id } from '../../platform/http/contract.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { NewSession } from '../../platform/sessions/sessions.ts'

/** A place of practice (activité) as the person chooses it. */
export const Place = z
  .strictObject({
    activityId: z.uuid(),
    boxId: z.uuid(),
    name: z.string(),
    addressLine: z.string(),
    city: z.string(),
    profession: z.string(),
    speciality: z.string(),
    /** Where this person starts from, when there are several. */
    isDefault: z.boolean(),
    /** Somebody else's place, acted from by delegation or as their locum; null for one's own. */
    onBehalfOf: z
      .strictObject({
        displayName: z.string(),
        capacity: z.enum(['delegate', 'locum']),
        scope: z.enum(['headers', 'read', 'prepare', 'send']),
        until: z.iso.datetime().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'Place' })
export type Place = z.infer<typeof Place>

export const Session = z
  .strictObject({
    /** `placeRequired`: signed in, but several places of practice and none chosen yet. */
    state: z.enum(['signedOut', 'placeRequired', 'signedIn']),
    person: z
      .strictObject({
        displayName: z.string(),
        side: z.enum(['practice', 'desk']),
        /** In French, for the header: « Médecin », « Médecin-conseil »… */
        profession: z.string(),
        speciality: z.string(),
        nationalId: z.string(),
        /** The organism of an adviser, « CPAM du Val-de-Marne ». */
        organism: z.strictObject({ organismId: z.string(), name: z.string() }).nullable(),
        email: z.string().nullable(),
        lastConnectionAt: z.iso.datetime().nullable(),
      })
      .nullable(),
    place: Place.nullable(),
    places: z.array(Place),
    level: z.enum(['none', 'low', 'low2', 'substantial']),
    /** By which way in; null for a stranger. */
    via: z.enum(['psc', 'card', 'password', 'organism']).nullable(),
    /** What the person may open: the portal draws from this and never guesses. */
    may: z.strictObject({
      identifyPatients: z.boolean(),
      /** By password: initials, age band, régime, caisse, rights. */
      identifyLimited: z.boolean(),
      useExchanges: z.boolean(),
      /** Grant delegations of one's own (card only). */
      delegate: z.boolean(),
      /** Write general messages to an organisme, and read one’s own. */
      contact: z.boolean(),
      /** Answer the general messages to one’s organisme. */
      answerContact: z.boolean(),
      administer: z.boolean(),
      audit: z.boolean(),
    }),
    /** Services that the profession practised at this place is not admitted to: why, and the way on, in French. */
    notAdmitted: z.array(
      z.strictObject({ service: z.enum(['identification', 'exchanges']), reason: z.string(), way: z.string() }),
    ),
    /** True when a practitioner has no address for notices and has not put the question off in this session. */
    emailWanted: z.boolean(),
    expiresAt: z.iso.datetime().nullable(),
    idleExpiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

/** An open session of the person who asks. */
export const Connection = z
  .strictObject({
    sessionId: z.uuid(),
    via: z.enum(['psc', 'card', 'password', 'organism']),
    /** CARD, MOBILE…; empty where the means has no kinds. */
    authMode: z.string(),
    /** Name of the place acted from. */
    place: z.string().nullable(),
    openedAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    /** Network address of the last gesture. */
    address: z.string().nullable(),
    /** The one that asks. */
    current: z.boolean(),
  })
  .meta({ id: 'Connection' })
export type Connection = z.infer<typeof Connection>

/**
 * A path of the portal itself (begins with one slash), where a sign-in comes back to. Visible ASCII without a backslash:
 * it ends in a Location header, which holds nothing else (RFC 3986, 2), and browsers give addresses in this form.
 */
export const ReturnPath = z
  .string()
  .max(512)
  .regex(/^\/(?![/\\])[!-[\]-~]*$/)

/** What this service does for the other ways in: opens a session under a new id, and closes the one the browser had. */
export type OpenSession = (
  session: NewSession,
  previous: Principal | null,
) => Promise<{ cookie: string; sessionId: string }>

/** Somebody of the practitioners' side whom the portal knows. */
export type KnownPractitioner = {
  personId: string
  role: string
  /** The place of practice they start from; null where they choose one. */
  activityId: string | null
}
/** Who is known under a national identity (IdNat), or null. */
export type FindPractitioner = (nationalId: string) => Promise<KnownPractitioner | null>

export const accountsContract = contract({
  'GET /api/session': {
    operationId: 'getSession',
    summary: 'Who is signed in, at which place, until when; signedOut for a stranger',
    level: 'none',
    right: 'anyone',
    response: Session,
  },
  'PUT /api/session/place': {
    operationId: 'choosePlace',
    summary: 'Choose the place of practice acted from',
    level: 'low',
    right: 'signedIn',
    body: z.strictObject({ activityId: Id }),
    response: Session,
  },
  'POST /api/session/sign-out': {
    operationId: 'signOut',
    summary: 'Close the session; the answer says where to send the browser (the identity provider’s own sign-out)',
    level: 'low',
    right: 'signedIn',
    response: z.strictObject({ redirect: z.string() }),
  },
  'POST /api/session/extension': {
    operationId: 'extendSession',
    summary: 'Push the idle limit back; the end in all does not move',
    level: 'low',
    right: 'signedIn',
    response: Session,
  },
  'GET /api/account/connections': {
    operationId: 'listConnections',
    summary: 'One’s own open sessions',
    level: 'low',
    right: 'signedIn',
    response: z.strictObject({ connections: z.array(Connection) }),
  },
  'DELETE /api/account/connections/:sessionId': {
    operationId: 'closeConnection',
    summary: 'Close one of one’s own sessions',
    level: 'low',
    right: 'signedIn',
    params: z.strictObject({ sessionId: Id }),
  },
  'POST /api/account/connections/closure': {
    operationId: 'closeOtherConnections',
    summary: 'Close all of one’s own sessions but this one',
    level: 'low',
    right: 'signedIn',
    response: z.strictObject({ closed: z.int() }),
  },
  'PUT /api/account/email': {
    operationId: 'setEmail',
    summary: 'Set the address that notices go to; null puts the question off until the next sign-in',
    level: 'substantial',
    right: 'practice',
    body: z.strictObject({ email: z.email().max(254).nullable() }),
    response: Session,
  },
  'PUT /api/account/default-place': {
    operationId: 'setDefaultPlace',
    summary: 'Set the place of practice that the next sign-ins start from; null asks again each time',
    level: 'low',
    right: 'practice',
    body: z.strictObject({ activityId: Id.nullable() }),
    response: Session,
  },
  'POST /api/sign-out/back-channel/:issuerId': {
    operationId: 'signOutByBackChannel',
    summary: 'An identity provider says that a session of its own is over (OpenID Connect Back-Channel Logout 1.0)',
    level: 'none',
    right: 'anyone',
    consumes: 'form',
    params: z.strictObject({ issuerId: z.string().max(64) }),
    // Other fields are to be passed over (part 2.5).
    body: z.object({ logout_token: z.string().min(1).max(16_384) }),
    response: z.strictObject({}),
  },
  'GET /api/sign-in/options': {
    operationId: 'listSignInOptions',
    summary: 'The insurers’ identity providers that can be chosen',
    level: 'none',
    right: 'anyone',
    response: z.strictObject({
      /** `contact`: whom somebody asks who is refused for their role; may be empty. */
      issuers: z.array(z.strictObject({ issuerId: z.string(), label: z.string(), contact: z.string() })),
      /** True on a demonstration: the portal says so on every page. */
      demonstration: z.boolean(),
      /** The card itself, by mutual TLS: /api/sign-in/card leads there. */
      card: z.boolean(),
      /** The reduced portal by password. */
      password: z.boolean(),
    }),
  },
  'GET /api/sign-in/psc': {
    operationId: 'startPscSignIn',
    summary: 'Begin a sign-in by Pro Santé Connect (a navigation)',
    level: 'none',
    right: 'anyone',
    kind: 'redirect',
    status: 302,
    query: z.strictObject({
      retour: ReturnPath.optional(),
      /** An establishment's own provider behind Pro Santé Connect (`kc_idp_hint`); one that is not known is passed over. */
      indice: z.string().max(100).optional(),
    }),
  },
  'GET /api/sign-in/psc/callback': {
    operationId: 'finishPscSignIn',
    summary: 'Return of Pro Santé Connect',
    level: 'none',
    right: 'anyone',
    kind: 'redirect',
    status: 302,
    query: z.looseObject({}),
  },
  'GET /api/sign-in/organism/:issuerId': {
    operationId: 'startOrganismSignIn',
    summary: 'Begin a sign-in by an insurer’s identity provider (a navigation)',
    level: 'none',
    right: 'anyone',
    kind: 'redirect',
    status: 302,
    params: z.strictObject({ issuerId: z.string().max(64) }),
    query: z.strictObject({ retour: ReturnPath.optional() }),
  },
  'GET /api/sign-in/organism/:issuerId/callback': {
    operationId: 'finishOrganismSignIn',
    summary: 'Return of an insurer’s identity provider',
    level: 'none',
    right: 'anyone',
    kind: 'redirect',
    status: 302,
    params: z.strictObject({ issuerId: z.string().max(64) }),
    query: z.looseObject({}),
  },
})
