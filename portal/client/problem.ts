// Refusals of the API (RFC 9457 problem details) and failures of the network, as the screens handle them.
import type { FieldFault } from '../../src/platform/http/problem.ts'

export type { FieldFault }

/** A refusal with its stable code and the French sentence that the person reads (`title`). */
export class ApiProblem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  /** A sentence about this very refusal, where there is one: when to come back, whom to write to. */
  readonly detail: string | undefined
  readonly faults: FieldFault[]
  readonly extra: Record<string, unknown>
  constructor(fields: {
    code: string
    status: number
    title: string
    detail?: string
    faults: FieldFault[]
    extra: Record<string, unknown>
  }) {
    super(fields.code)
    this.name = 'ApiProblem'
    this.code = fields.code
    this.status = fields.status
    this.title = fields.title
    this.detail = fields.detail
    this.faults = fields.faults
    this.extra = fields.extra
  }

  /** The sentence for one field (`pointer` as the API gives it, « /number », « /subject »), if it is at fault. */
  faultAt(pointer: string): string | undefined {
    return this.faults.find((fault) => fault.pointer === pointer)?.detail
  }
}

/** The server could not be reached, or its answer could not be read: nothing is known, the gesture may be retried. */
export class NetworkFailure extends Error {
  constructor(cause: unknown) {
    super('network-failure', { cause })
    this.name = 'NetworkFailure'
  }
}

export function readProblem(status: number, text: string): ApiProblem {
  let parsed: Record<string, unknown> = {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) parsed = value as Record<string, unknown>
  } catch {
    // A proxy's own page, say: the status alone speaks.
  }
  const { code, title, faults, errors, type: _type, status: _status, detail, instance: _i, ...extra } = parsed
  const list = Array.isArray(faults) ? faults : Array.isArray(errors) ? errors : []
  return new ApiProblem({
    code: typeof code === 'string' ? code : `status-${status}`,
    status,
    title: typeof title === 'string' ? title : sentenceOfStatus(status),
    detail: typeof detail === 'string' ? detail : undefined,
    faults: list as FieldFault[],
    extra: (typeof extra.extra === 'object' && extra.extra !== null ? extra.extra : extra) as Record<string, unknown>,
  })
}

function sentenceOfStatus(status: number): string {
  if (status === 429) return 'Trop de demandes en peu de temps. Patientez un instant.'
  if (status >= 500) return 'Le service est momentanément indisponible. Réessayez dans un instant.'
  return 'La demande n’a pas pu aboutir.'
}

/** True when the same gesture, with the same key, may succeed a moment later. */
export function isTransient(failure: unknown): boolean {
  return (
    failure instanceof NetworkFailure ||
    (failure instanceof ApiProblem && [429, 502, 503, 504].includes(failure.status))
  )
}

/** The sentence to show for any failure of a call. */
export function sentenceOf(failure: unknown): string {
  if (failure instanceof ApiProblem) return failure.title
  if (failure instanceof NetworkFailure) {
    return 'Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez : rien de ce que vous avez saisi n’est perdu.'
  }
  return 'Une erreur inattendue s’est produite. Réessayez dans un instant.'
}
