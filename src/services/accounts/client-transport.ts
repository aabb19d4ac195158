// How the identity providers are reached: with the system's authorities, or those of the settings, showing the client's
// certificate where there is one (mutual TLS, RFC 8705).
import { Agent } from 'undici'

export type Transport = {
  /** Authorities trusted in place of the system's; PEM. */
  ca: string | null
  clientCertificate: { certificate: string; key: string } | null
}

/** A `fetch` of its own where the settings ask for one; undefined: the plain one does. */
export function transportFetch({ ca, clientCertificate }: Transport): typeof fetch | undefined {
  if (!ca && !clientCertificate) return undefined
  const dispatcher = new Agent({
    connect: {
      ...(ca && { ca }),
      ...(clientCertificate && { cert: clientCertificate.certificate, key: clientCertificate.key }),
    },
  })
  return (input, init) => fetch(input, { ...init, dispatcher } as RequestInit)
}
