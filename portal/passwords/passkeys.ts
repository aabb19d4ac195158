// The browser's own passkeys: options and answers cross the wire as JSON, which browsers read and write by themselves.

type FromJson<T> = (options: unknown) => T
type Ceremonies = {
  parseCreationOptionsFromJSON?: FromJson<PublicKeyCredentialCreationOptions>
  parseRequestOptionsFromJSON?: FromJson<PublicKeyCredentialRequestOptions>
}
const ceremonies = (globalThis as { PublicKeyCredential?: Ceremonies }).PublicKeyCredential

/** Whether this browser knows passkeys well enough. */
export const passkeysKnown = Boolean(ceremonies?.parseCreationOptionsFromJSON && ceremonies.parseRequestOptionsFromJSON)

/** Null when the person gave up, or the browser did not let them. */
export async function makePasskey(options: unknown): Promise<unknown> {
  const publicKey = ceremonies!.parseCreationOptionsFromJSON!(options)
  return answerOf(() => navigator.credentials.create({ publicKey }))
}

export async function showPasskey(options: unknown): Promise<unknown> {
  const publicKey = ceremonies!.parseRequestOptionsFromJSON!(options)
  return answerOf(() => navigator.credentials.get({ publicKey }))
}

async function answerOf(ask: () => Promise<Credential | null>): Promise<unknown> {
  try {
    return ((await ask()) as PublicKeyCredential | null)?.toJSON() ?? null
  } catch (failure) {
    if (failure instanceof DOMException) return null
    throw failure
  }
}
