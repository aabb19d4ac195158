// What a generated request names without holding it: « ⟦exchangeId:owner:3⟧ » an identifier of the scene, « ⟦é*10000⟧ » a
// long text. So a failing case is short to read, and the same seed makes the same cases on another database.
import type { Kind, Scene } from './scene.ts'

const PLACEHOLDER = /⟦([^⟧]*)⟧/gu
const NOBODYS_ID = '5ca1ab1e-0000-4000-8000-000000000000'

export type Whose = 'own' | 'owner' | 'other'
export const held = (name: string, whose: Whose, nth: number) => `⟦${name}:${whose}:${nth}⟧`
export const repeated = (unit: string, times: number) => `⟦${unit}*${times}⟧`
export const TYPED = '⟦typed⟧'
export const FRESH_KEY = '⟦fresh⟧'
/** Raw JSON where a value stands: a number that JavaScript cannot write, brackets by the thousand. */
export const rawJson = (text: string) => `⟦json:${text}⟧`
export const nested = (depth: number) => `⟦deep:${depth}⟧`

/** Fills a text in for one kind of person. */
export function fill(text: string, scene: Scene, kind: Kind): string {
  return text.replaceAll(PLACEHOLDER, (all, inside: string) => {
    if (inside === 'typed') return scene.typed
    if (inside === 'fresh') return crypto.randomUUID()
    if (/^(json|deep):/.test(inside)) return all
    const star = /^(.*)\*(\d+)$/su.exec(inside)
    if (star) return star[1]!.repeat(Number(star[2]))
    const [name = '', whose, nth] = inside.split(':')
    const pool = poolOf(scene, kind, name, whose as Whose)
    // The newest first: an old draft may have been sent or thrown away.
    return pool.length > 0 ? pool[pool.length - 1 - (Number(nth) % pool.length)]! : NOBODYS_ID
  })
}

/** The same, in every text and name of a JSON value. */
export function fillAll(value: unknown, scene: Scene, kind: Kind): unknown {
  if (typeof value === 'string') return fill(value, scene, kind)
  if (Array.isArray(value)) return value.map((item) => fillAll(item, scene, kind))
  if (value === null || typeof value !== 'object') return value
  const filled = {}
  for (const [name, inner] of Object.entries(value)) {
    // An assignment to « __proto__ » would not make a property.
    Object.defineProperty(filled, fill(name, scene, kind), {
      value: fillAll(inner, scene, kind),
      enumerable: true,
      configurable: true,
    })
  }
  return filled
}

/** The JSON text of a filled value, raw pieces in their place. */
export function jsonText(value: unknown): string {
  return (JSON.stringify(value) ?? '')
    .replaceAll(/"⟦json:([^⟧]*)⟧"/gu, (_all, text: string) => text)
    .replaceAll(/"⟦deep:(\d+)⟧"/gu, (_all, depth: string) => '['.repeat(Number(depth)) + ']'.repeat(Number(depth)))
}

/** What a text will be as far as lengths and patterns go, before anybody is known. */
export function sketch(text: string): string {
  return text.replaceAll(PLACEHOLDER, (_all, inside: string) => {
    const star = /^(.*)\*(\d+)$/su.exec(inside)
    return star ? star[1]!.repeat(Number(star[2])) : 'x'.repeat(49)
  })
}

function poolOf(scene: Scene, kind: Kind, name: string, whose: Whose): string[] {
  if (whose === 'own') return scene.own[kind][name] ?? []
  if (whose === 'owner') return scene.owner[name] ?? []
  return Object.entries(scene.own).flatMap(([each, pools]) => (each === kind ? [] : (pools[name] ?? [])))
}
