// Every refusal has a stable code, a status and a French sentence (RFC 9457 problem details).
// Each service lists its own in problems.ts; docs/errors holds a page for each; a test keeps both equal.

export type Problem = {
  status: number
  /** The sentence a person reads, in French, without any personal or medical data. */
  title: string
}

/** Keeps literal codes while checking shape. */
export function problems<const P extends Record<string, Problem>>(list: P): P {
  return list
}

/** One faulty field: `pointer` is a JSON pointer into the body (or `params/x`, `query/x`), `detail` French. */
export type FieldFault = { pointer: string; code: string; detail: string }

/** Thrown by an act to refuse politely; the edge turns it into application/problem+json. */
export class Refusal extends Error {
  readonly code: string
  readonly status: number
  readonly faults: FieldFault[]
  /** Facts that the screen needs to offer the way on; never personal or medical data of somebody else. */
  readonly extra: Record<string, unknown>

  constructor(
    code: string,
    problem: Problem,
    more: { faults?: FieldFault[]; extra?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(problem.title, { cause: more.cause })
    this.name = 'Refusal'
    this.code = code
    this.status = problem.status
    this.faults = more.faults ?? []
    this.extra = more.extra ?? {}
  }
}

/** A refusal as RFC 9457 writes it. */
export function problemDocument(refusal: Refusal, requestId: string): string {
  return JSON.stringify({
    type: `/docs/errors/${refusal.code}`,
    title: refusal.message,
    status: refusal.status,
    code: refusal.code,
    ...(refusal.faults.length > 0 && { faults: refusal.faults }),
    ...refusal.extra,
    requestId,
  })
}

/** Makes a service's thrower: `refuse('exchange-closed')`. */
export function refuser<P extends Record<string, Problem>>(list: P) {
  return (code: keyof P & string, more?: ConstructorParameters<typeof Refusal>[2]) =>
    new Refusal(code, list[code]!, more)
}

/** Problems of the edge itself. */
export const httpProblems = problems({
  'request-invalid': { status: 400, title: 'La demande est incomplète ou mal formée.' },
  'json-malformed': { status: 400, title: 'La demande ne peut pas être lue : elle n’est pas au format attendu.' },
  'body-too-large': { status: 413, title: 'La demande est trop volumineuse.' },
  'headers-too-large': { status: 431, title: 'L’adresse ou les en-têtes de la demande sont trop volumineux.' },
  'request-too-slow': { status: 408, title: 'La demande a mis trop de temps à arriver. Recommencez.' },
  'media-type-unsupported': { status: 415, title: 'Le format de la demande n’est pas accepté.' },
  'idempotency-key-missing': { status: 400, title: 'La demande doit porter une clé d’unicité (Idempotency-Key).' },
  'idempotency-key-reused': {
    status: 422,
    title: 'Cette clé d’unicité a déjà servi pour une autre demande. Rechargez la page.',
  },
  'origin-refused': { status: 403, title: 'Cette demande vient d’un autre site : elle est refusée.' },
  'session-required': { status: 401, title: 'Votre session est fermée ou expirée. Reconnectez-vous pour continuer.' },
  'level-insufficient': {
    status: 403,
    title: 'Ce service est accessible uniquement par carte CPS, e-CPS ou CPE.',
  },
  'right-missing': { status: 403, title: 'Votre profil ne permet pas d’utiliser ce service.' },
  'place-required': { status: 403, title: 'Choisissez d’abord votre lieu d’exercice.' },
  'delegation-scope': { status: 403, title: 'Votre délégation ne permet pas cette action.' },
  'not-found': { status: 404, title: 'Cette page ou cet élément n’existe pas, ou ne vous est pas accessible.' },
  'method-not-allowed': { status: 405, title: 'Cette action n’existe pas à cette adresse.' },
  'too-many-requests': { status: 429, title: 'Trop de demandes en peu de temps. Patientez un instant.' },
  'service-unavailable': {
    status: 503,
    title: 'Le service est momentanément indisponible. Votre texte est conservé ; réessayez dans un instant.',
  },
  'internal-error': {
    status: 500,
    title: 'Une erreur inattendue s’est produite. Elle a été signalée ; réessayez dans un instant.',
  },
})
export const refuse = refuser(httpProblems)
