// The search of patients of an organisme's FHIR R4 server, as a directory of the insured.
import { z } from 'zod'
import { nirKey } from '../nir.ts'
import { refuse } from '../problems.ts'
import type { InsuredDirectory, InsuredPerson } from './directory.ts'
import { coveragesOf, fromFhirPatient, NIR_SYSTEM } from './fhir-patient.ts'

export type FhirDirectoryOptions = {
  /** Base address of the server, « https://fhir.organisme.example/r4 ». */
  url: string
  /** Sent as a bearer token when set. */
  token: string | null
  /** Whole time given to one search, 3 seconds unless told. */
  timeoutMs?: number
}

/** A family is small: a longer answer is not one. */
const MAX_BYTES = 512 * 1024

const Bundle = z.object({
  resourceType: z.literal('Bundle'),
  entry: z
    .array(z.object({ resource: z.unknown(), search: z.object({ mode: z.string().optional() }).optional() }))
    .default([]),
})

/**
 * A directory over FHIR. The NIR goes in the body of a POST, never in an address, which proxies and servers log; no
 * redirection is followed, nothing is tried twice: the person is waiting, and decides.
 */
export function createFhirDirectory(options: FhirDirectoryOptions): InsuredDirectory {
  const address = `${options.url.replace(/\/+$/, '')}/Patient/_search`
  return {
    async find(nir13, signal) {
      const timeout = AbortSignal.timeout(options.timeoutMs ?? 3000)
      try {
        const response = await fetch(address, {
          method: 'POST',
          redirect: 'error',
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
          headers: {
            accept: 'application/fhir+json',
            ...(options.token && { authorization: `Bearer ${options.token}` }),
          },
          body: new URLSearchParams({
            identifier: identifiers(nir13),
            _count: '50',
            _revinclude: 'Coverage:beneficiary',
          }),
        })
        if (!response.ok) {
          await response.body?.cancel()
          throw Object.assign(new Error('the server refused'), { code: `http-${response.status}` })
        }
        return family(Bundle.parse(JSON.parse(await readText(response))), nir13)
      } catch (cause) {
        throw refuse('directory-unavailable', { cause })
      }
    },
  }
}

/** With and without the key (a comma is « or »): servers keep the one or the other. */
function identifiers(nir13: string): string {
  const values = /^[5-8]/.test(nir13) ? [nir13] : [nir13, nir13 + nirKey(nir13)]
  return values.map((value) => `${NIR_SYSTEM}|${value}`).join(',')
}

function family(bundle: z.infer<typeof Bundle>, nir13: string): InsuredPerson[] {
  const people: InsuredPerson[] = []
  const coverages = coveragesOf(bundle.entry.map(({ resource }) => resource))
  for (const { resource, search } of bundle.entry) {
    if (search?.mode && search.mode !== 'match') continue
    const person = fromFhirPatient(resource, nir13, people.length + 1, coverages)
    if (person) people.push(person)
  }
  return people.sort((a, b) => a.rank - b.rank)
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MAX_BYTES) throw Object.assign(new Error('the answer is too long'), { code: 'too-long' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
