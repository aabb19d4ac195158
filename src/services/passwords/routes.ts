import type { FastifyRequest } from 'fastify'
import type { Cookies } from '../../platform/http/cookies.ts'
import { type Handlers, type Route, routes } from '../../platform/http/routes.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import { passwordsContract } from './contract.ts'
import { addPasskey, addTotp, beginPasskey, beginTotp, removeFactor, renewRecoveryCodes } from './factors.ts'
import { beginPasskeySignIn, finishPasswordSignIn } from './finish-sign-in.ts'
import { judge } from './judge.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { provePassword } from './prove-password.ts'
import { readAccount, setNotices } from './read-account.ts'
import { sendLink } from './send-link.ts'
import { setPassword, setPasswordByLink } from './set-password.ts'
import { signInByPassword } from './sign-in.ts'

export function passwordsRoutes(parts: Parts, cookies: Cookies): Route[] {
  const from = ({ request, principal }: { request: FastifyRequest; principal: Principal | null }) => ({
    address: request.ip,
    browser: request.headers['user-agent'] ?? '',
    principal,
  })
  const account = (principal: Principal) => readAccount(parts, principal)
  const withCodes = async (principal: Principal, recoveryCodes: string[]) => ({
    account: await account(principal),
    recoveryCodes,
  })

  const handlers: Handlers<typeof passwordsContract> = {
    'POST /api/sign-in/password': async (call) => {
      const answer = await signInByPassword(parts, { ...call.body, ...from(call) })
      if ('ticket' in answer) return { signedIn: false, secondFactor: answer }
      cookies.setSession(call.reply, answer.cookie)
      return { signedIn: true, secondFactor: null }
    },
    'POST /api/sign-in/password/passkey-options': ({ body }) => beginPasskeySignIn(parts, body.ticket),
    'POST /api/sign-in/password/second-factor': async (call) => {
      const { cookie } = await finishPasswordSignIn(parts, call.body, from(call))
      cookies.setSession(call.reply, cookie)
      return { signedIn: true }
    },
    'POST /api/password/links': ({ body, request }) =>
      sendLink(parts, { identifier: body.identifier, address: request.ip }),
    'POST /api/password/by-link': async ({ body }) => {
      await setPasswordByLink(parts, body)
      return undefined
    },
    'POST /api/password/judgement': ({ body, principal }) => judge(parts, principal, body),
    'GET /api/account/password': ({ principal }) => account(principal),
    'POST /api/account/password/proof': async ({ principal, body }) => {
      await provePassword(parts, principal, body.password)
      return account(principal)
    },
    'PUT /api/account/password': async ({ principal, body }) => {
      await setPassword(parts, principal, body.password)
      return account(principal)
    },
    'PUT /api/account/password/notices': async ({ principal, body }) => {
      await setNotices(parts, principal, body.everySignIn)
      return account(principal)
    },
    'POST /api/account/password/passkey-options': ({ principal }) => beginPasskey(parts, principal),
    'POST /api/account/password/passkeys': async ({ principal, body }) =>
      withCodes(principal, await addPasskey(parts, principal, body)),
    'POST /api/account/password/totp-secret': ({ principal }) => beginTotp(parts, principal),
    'POST /api/account/password/totp': async ({ principal, body }) =>
      withCodes(principal, await addTotp(parts, principal, body.code)),
    'DELETE /api/account/password/factors/:factorId': async ({ principal, params }) => {
      await removeFactor(parts, principal, params.factorId)
      return account(principal)
    },
    'POST /api/account/password/recovery-codes': async ({ principal }) =>
      withCodes(principal, await renewRecoveryCodes(parts, principal)),
  }
  const made = routes(passwordsContract, handlers)
  if (parts.configuration.waysIn.password) return made
  // Switched off: every address stays, and says so.
  return made.map((route) => ({
    ...route,
    handle: async () => {
      throw refuse('password-off')
    },
  }))
}
