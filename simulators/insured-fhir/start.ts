// A small FHIR R4 server of insured persons, for tests of the directory: it answers the one search the product makes.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { listen, type Running } from '../listen.ts'
import { readForm } from '../read-body.ts'

/** NIR in its definitive form (ANS, INS-NIR). */
export const NIR_SYSTEM = 'urn:oid:1.2.250.1.213.1.4.8'

export type Resource = { resourceType: string; id?: string; [element: string]: unknown }

export type InsuredFhirOptions = {
  port: number
  /** The resources known under a value of the system of the NIR; those that are a Patient match, others are included. */
  find(nir13: string): Resource[]
  /** When set, asked of every request as a bearer token. */
  token?: string
}

export type InsuredFhirFault = { kind: 'none' | 'error' | 'garbage' } | { kind: 'slow'; delayMs: number }

export type InsuredFhir = Running & {
  /** Base address, `http://localhost:PORT/fhir`. */
  base: string
  setFault(fault: InsuredFhirFault): void
  /** Paths asked for, to check that no NIR stands in an address. */
  requests(): string[]
}

export async function startInsuredFhir(options: InsuredFhirOptions): Promise<InsuredFhir> {
  let fault: InsuredFhirFault = { kind: 'none' }
  const requests: string[] = []
  const running = await listen((request, response) => {
    if (requests.length < 10_000) requests.push(`${request.method} ${request.url}`)
    answer(request, response, options, fault).catch(() => {
      if (!response.headersSent) outcome(response, 400, 'invalid')
      else response.destroy()
    })
  }, options.port)
  return {
    ...running,
    base: `${running.url}/fhir`,
    setFault: (next) => {
      fault = next
    },
    requests: () => [...requests],
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: InsuredFhirOptions,
  fault: InsuredFhirFault,
) {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  if (options.token && request.headers.authorization !== `Bearer ${options.token}`) {
    return outcome(response, 401, 'login')
  }
  if (request.method === 'GET' && pathname === '/fhir/metadata') return send(response, 200, capabilities)
  // A search by GET would put the NIR in an address, hence in logs: not offered.
  if (pathname !== '/fhir/Patient/_search') return outcome(response, 404, 'not-found')
  if (request.method !== 'POST') return outcome(response, 405, 'not-supported')
  if (fault.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
  if (fault.kind === 'error') return outcome(response, 500, 'exception')
  if (fault.kind === 'garbage') {
    response.writeHead(200, { 'content-type': 'application/fhir+json' }).end('{"resourceType":"Bundle","entry":[{')
    return
  }
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) return outcome(response, 415, 'not-supported')
  const identifier = (await readForm(request)).get('identifier')
  if (!identifier) return outcome(response, 400, 'required')
  // A comma is « or » (FHIR R4, search): with and without the key is one question.
  const tokens = identifier.split(',').map(splitToken)
  const found = [...new Set(tokens.flatMap(([system, value]) => (system === NIR_SYSTEM ? options.find(value) : [])))]
  const matches = found.filter(({ resourceType }) => resourceType === 'Patient')
  const base = `http://${request.headers.host}/fhir`
  send(response, 200, {
    resourceType: 'Bundle',
    type: 'searchset',
    total: matches.length,
    link: [{ relation: 'self', url: `${base}/Patient/_search` }],
    entry: found.map((resource) => ({
      ...(resource.id ? { fullUrl: `${base}/${resource.resourceType}/${resource.id}` } : {}),
      resource,
      search: { mode: resource.resourceType === 'Patient' ? 'match' : 'include' },
    })),
  })
}

/** A token parameter is « system|value » (FHIR R4, search). */
function splitToken(token: string): [system: string, value: string] {
  const bar = token.indexOf('|')
  return bar < 0 ? ['', token] : [token.slice(0, bar), token.slice(bar + 1)]
}

const capabilities = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-11-23',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['application/fhir+json'],
  rest: [
    {
      mode: 'server',
      resource: [
        {
          type: 'Patient',
          interaction: [{ code: 'search-type' }],
          searchParam: [{ name: 'identifier', type: 'token' }],
        },
      ],
    },
  ],
}

function outcome(response: ServerResponse, status: number, code: string) {
  send(response, status, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] })
}

function send(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/fhir+json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
