// Password portal (activation, sign-in, second factors): what crosses the wire.
import { z } from 'zod'
import { contract, Id } from '../../platform/http/contract.ts'

/** Longer than any password that is accepted, so that the rule itself says why. */
const Password = z.string().min(1).max(512)
/** Id of the link and its HMAC, 48 bytes. */
const LinkToken = z.string().regex(/^[A-Za-z0-9_-]{64}$/)
const Ticket = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
/** RPPS, as it is typed: spaces are let through. */
const Identifier = z
  .string()
  .max(40)
  .meta({ pattern: '^\\s*(?:\\d\\s*){11}$' })
  .transform((text) => text.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{11}$/))
const Code = z.string().min(1).max(40)

/** A field of WebAuthn in base64url; the library reads what is in it. */
const Bytes = z
  .string()
  .min(1)
  .max(16_000)
  .regex(/^[A-Za-z0-9_-]+$/)
const credential = <S extends z.ZodRawShape>(response: S) =>
  z.object({
    id: Bytes,
    rawId: Bytes,
    type: z.literal('public-key'),
    authenticatorAttachment: z.string().max(40).nullish(),
    clientExtensionResults: z.object({}).default({}),
    response: z.object(response),
  })
const Attestation = credential({
  clientDataJSON: Bytes,
  attestationObject: Bytes,
  transports: z.array(z.string().max(20)).max(8).optional(),
})
const Assertion = credential({
  clientDataJSON: Bytes,
  authenticatorData: Bytes,
  signature: Bytes,
  userHandle: Bytes.nullish(),
})
/** Options of `navigator.credentials`, as the library makes them and `parse…OptionsFromJSON` reads them. */
const CeremonyOptions = z.record(z.string(), z.unknown())

export const Factor = z.strictObject({
  factorId: z.uuid(),
  kind: z.enum(['passkey', 'totp']),
  label: z.string(),
  addedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
})
export type Factor = z.infer<typeof Factor>

export const PasswordAccount = z
  .strictObject({
    /** RPPS; empty for a person who has none, and can have no password. */
    identifier: z.string(),
    /** A link can be sent, and notices. */
    hasEmail: z.boolean(),
    /** Null: no password yet. */
    setAt: z.iso.datetime().nullable(),
    everySignIn: z.boolean(),
    factors: z.array(Factor),
    recoveryCodesLeft: z.int(),
    /** Whether changes are accepted now: password or card within the last five minutes. */
    proven: z.boolean(),
  })
  .meta({ id: 'PasswordAccount' })
export type PasswordAccount = z.infer<typeof PasswordAccount>

export const Judgement = z
  .strictObject({
    accepted: z.boolean(),
    /** 0 to 4, as the estimator gives it; 0 when a rule refuses before it. */
    score: z.int(),
    /** Why it is refused, in French. */
    reasons: z.array(z.string()),
  })
  .meta({ id: 'PasswordJudgement' })
export type Judgement = z.infer<typeof Judgement>

/** Codes are in the answer of the act that makes them, and never again. */
const WithCodes = z.strictObject({ account: PasswordAccount, recoveryCodes: z.array(z.string()) })

export const passwordsContract = contract({
  'POST /api/sign-in/password': {
    operationId: 'signInByPassword',
    summary: 'Sign in by identifier and password; a second factor may be asked next',
    level: 'none',
    right: 'anyone',
    refusals: ['password-wrong', 'password-locked', 'password-dormant'],
    body: z.strictObject({ identifier: Identifier, password: Password }),
    response: z.strictObject({
      signedIn: z.boolean(),
      secondFactor: z
        .strictObject({ ticket: Ticket, means: z.array(z.enum(['passkey', 'totp', 'recovery'])) })
        .nullable(),
    }),
  },
  'POST /api/sign-in/password/passkey-options': {
    operationId: 'beginPasskeySignIn',
    summary: 'The challenge for a passkey, as second factor of a sign-in that has begun',
    level: 'none',
    right: 'anyone',
    refusals: ['sign-in-ticket-ended'],
    body: z.strictObject({ ticket: Ticket }),
    response: CeremonyOptions,
  },
  'POST /api/sign-in/password/second-factor': {
    operationId: 'finishPasswordSignIn',
    summary: 'Second factor of a sign-in that has begun',
    level: 'none',
    right: 'anyone',
    refusals: ['sign-in-ticket-ended', 'second-factor-wrong', 'password-locked'],
    body: z.discriminatedUnion('means', [
      z.strictObject({ means: z.literal('totp'), ticket: Ticket, code: Code }),
      z.strictObject({ means: z.literal('recovery'), ticket: Ticket, code: Code }),
      z.strictObject({ means: z.literal('passkey'), ticket: Ticket, credential: Assertion }),
    ]),
    response: z.strictObject({ signedIn: z.literal(true) }),
  },
  'POST /api/password/links': {
    operationId: 'sendPasswordLink',
    summary: 'Send a one-time link to the address of the holder; the answer is the same whether there is one or not',
    level: 'none',
    right: 'anyone',
    status: 202,
    body: z.strictObject({ identifier: Identifier }),
    response: z.strictObject({ minutes: z.int() }),
  },
  'POST /api/password/by-link': {
    operationId: 'setPasswordByLink',
    summary: 'Choose a password with a one-time link, which serves no second time',
    level: 'none',
    right: 'anyone',
    refusals: ['link-ended', 'password-refused'],
    body: z.strictObject({ token: LinkToken, password: Password }),
  },
  'POST /api/password/judgement': {
    operationId: 'judgePassword',
    summary: 'Whether a password would do, and why not; asked with the token of a link, or signed in',
    level: 'none',
    right: 'anyone',
    refusals: ['link-ended', 'session-required'],
    body: z.strictObject({ token: LinkToken.nullable(), password: z.string().max(512) }),
    response: Judgement,
  },
  'GET /api/account/password': {
    operationId: 'getPasswordAccount',
    summary: 'One’s own password account: factors, notices',
    level: 'low',
    right: 'practice',
    response: PasswordAccount,
  },
  'POST /api/account/password/proof': {
    operationId: 'provePassword',
    summary: 'Type the password again, before a change',
    level: 'low',
    right: 'practice',
    refusals: ['password-wrong', 'password-locked'],
    body: z.strictObject({ password: Password }),
    response: PasswordAccount,
  },
  'PUT /api/account/password': {
    operationId: 'setPassword',
    summary: 'Set or change one’s own password; other sessions by password are closed',
    level: 'low',
    right: 'practice',
    refusals: ['proof-required', 'password-email-missing', 'password-refused'],
    body: z.strictObject({ password: Password }),
    response: PasswordAccount,
  },
  'PUT /api/account/password/notices': {
    operationId: 'setSignInNotices',
    summary: 'Be told by mail of every sign-in by password, or of those from a new place only',
    level: 'low',
    right: 'practice',
    body: z.strictObject({ everySignIn: z.boolean() }),
    response: PasswordAccount,
  },
  'POST /api/account/password/passkey-options': {
    operationId: 'beginPasskey',
    summary: 'The challenge for a passkey to add',
    level: 'low',
    right: 'practice',
    refusals: ['proof-required'],
    response: CeremonyOptions,
  },
  'POST /api/account/password/passkeys': {
    operationId: 'addPasskey',
    summary: 'Add a passkey as second factor; recovery codes come with the first factor',
    level: 'low',
    right: 'practice',
    refusals: ['proof-required', 'second-factor-wrong'],
    body: z.strictObject({ label: z.string().trim().min(1).max(60).meta({ pattern: '\\S' }), credential: Attestation }),
    response: WithCodes,
  },
  'POST /api/account/password/totp-secret': {
    operationId: 'beginTotp',
    summary: 'A new secret for an application of codes, to be confirmed by its first code',
    level: 'low',
    right: 'practice',
    refusals: ['proof-required'],
    response: z.strictObject({ secret: z.string(), address: z.string() }),
  },
  'POST /api/account/password/totp': {
    operationId: 'addTotp',
    summary: 'Confirm an application of codes; recovery codes come with the first factor',
    level: 'low',
    right: 'practice',
    refusals: ['proof-required', 'second-factor-wrong'],
    body: z.strictObject({ code: Code }),
    response: WithCodes,
  },
  'DELETE /api/account/password/factors/:factorId': {
    operationId: 'removeFactor',
    summary: 'Take a second factor away; the recovery codes go with the last one',
    level: 'low',
    right: 'practice',
    refusals: ['proof-required'],
    params: z.strictObject({ factorId: Id }),
    response: PasswordAccount,
  },
  'POST /api/account/password/recovery-codes': {
    operationId: 'renewRecoveryCodes',
    summary: 'Ten new recovery codes; the former ones serve no more',
    level: 'low',
    right: 'practice',
    refusals: ['proof-required'],
    response: WithCodes,
  },
})
