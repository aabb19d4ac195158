import type { passwordsContract } from '../../../../src/services/passwords/contract.ts'
import type { Expectations } from '../expectation.ts'

// Nobody of the walk has a password: those who pass the gates are told so, or told nothing.
const ticket = 'A'.repeat(43)
const token = 'A'.repeat(64)
const password = 'girafe vinaigre boussole'
/** An identifier of nobody, another one each time: ten failures lock one. */
const nobody = () => String(88_000_000_000 + Math.floor(Math.random() * 1_000_000_000))
const everybody = <A>(answer: A) => ({ own: answer, other: answer })

export const passwords: Expectations<typeof passwordsContract> = {
  'POST /api/sign-in/password': {
    call: () => ({ body: { identifier: nobody(), password } }),
    ...everybody('password-wrong'),
  },
  'POST /api/sign-in/password/passkey-options': {
    call: () => ({ body: { ticket } }),
    ...everybody('sign-in-ticket-ended'),
  },
  'POST /api/sign-in/password/second-factor': {
    call: () => ({ body: { means: 'totp', ticket, code: '123456' } }),
    ...everybody('sign-in-ticket-ended'),
  },
  'POST /api/password/links': { call: () => ({ body: { identifier: nobody() } }) },
  'POST /api/password/by-link': { call: () => ({ body: { token, password } }), ...everybody('link-ended') },
  'POST /api/password/judgement': {
    call: () => ({ body: { token: null, password } }),
    // Strangers are given no estimator to use.
    but: { signedOut: 'session-required', revoked: 'session-required' },
  },
  'GET /api/account/password': {},
  'POST /api/account/password/proof': { call: () => ({ body: { password } }), ...everybody('password-none') },
  'PUT /api/account/password': {
    // One that is refused, or everybody would have one.
    call: () => ({ body: { password: 'consilium' } }),
    ...everybody('password-refused'),
    // Secretaries of the walk have no address to be told at.
    but: {
      delegateHeaders: 'password-email-missing',
      delegateRead: 'password-email-missing',
      delegatePrepare: 'password-email-missing',
      delegateSend: 'password-email-missing',
      delegateOutOfDates: 'password-email-missing',
    },
  },
  'PUT /api/account/password/notices': {
    call: () => ({ body: { everySignIn: true } }),
    ...everybody('password-none'),
  },
  'POST /api/account/password/passkey-options': {},
  'POST /api/account/password/passkeys': {
    call: () => ({
      body: {
        label: 'Clé',
        credential: {
          id: 'AA',
          rawId: 'AA',
          type: 'public-key',
          response: { clientDataJSON: 'AA', attestationObject: 'AA' },
        },
      },
    }),
    ...everybody('second-factor-wrong'),
  },
  'POST /api/account/password/totp-secret': everybody('password-none'),
  'POST /api/account/password/totp': {
    call: () => ({ body: { code: '123456' } }),
    ...everybody('second-factor-wrong'),
  },
  'DELETE /api/account/password/factors/:factorId': {
    call: () => ({ params: { factorId: crypto.randomUUID() } }),
    ...everybody('second-factor-unknown'),
  },
  'POST /api/account/password/recovery-codes': everybody('second-factor-unknown'),
}
