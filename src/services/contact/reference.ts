// Objets, coordinates and model answers: data files, read once at start.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const day = z.iso.date().nullable()
const Objets = z.object({
  objets: z.array(
    z.object({ code: z.string().regex(/^[A-Z]{2,32}$/), label: z.string().min(1), validFrom: day, validTo: day }),
  ),
})
const Coordinates = z.object({
  address: z.array(z.string()).optional(),
  telephone: z.string().nullable().optional(),
  note: z.string().nullable().optional(),
  hours: z.string().nullable().optional(),
  web: z.url().nullable().optional(),
})
const AllCoordinates = z.object({
  defaults: z.record(z.string(), Coordinates),
  organisms: z.record(z.string(), Coordinates),
})
const Models = z.object({
  models: z.array(z.object({ code: z.string(), title: z.string(), text: z.string().max(5000) })),
})

export type Objet = z.infer<typeof Objets>['objets'][number]
export type Coordinates = {
  address: string[]
  telephone: string | null
  note: string | null
  hours: string | null
  web: string | null
}
export type ContactReference = {
  /** By code, also those that can no longer be chosen: old messages name them. */
  objet(code: string): Objet | undefined
  /** Those that can be chosen on this day. */
  offeredObjets(now: Date): Objet[]
  coordinates(organism: { organismId: string; type: string }): Coordinates
  models: { code: string; title: string; text: string }[]
}

const FOLDER = join(import.meta.dirname, '../../../data/reference')
const PARIS = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' })

/** @throws Error when a file is missing or says something that cannot be */
export async function readContactReference(folder = FOLDER): Promise<ContactReference> {
  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8')) as unknown
  const [objets, coordinates, models] = await Promise.all([
    read('objets.json').then((value) => Objets.parse(value).objets),
    read('organism-coordinates.json').then((value) => AllCoordinates.parse(value)),
    read('answer-models.json').then((value) => Models.parse(value).models),
  ])
  const byCode = new Map(objets.map((objet) => [objet.code, objet]))
  return {
    objet: (code) => byCode.get(code),
    offeredObjets(now) {
      const today = PARIS.format(now)
      return objets.filter(
        ({ validFrom, validTo }) => (!validFrom || validFrom <= today) && (!validTo || today <= validTo),
      )
    },
    coordinates({ organismId, type }) {
      const known = { ...coordinates.defaults[type], ...coordinates.organisms[organismId] }
      return {
        address: known.address ?? [],
        telephone: known.telephone ?? null,
        note: known.note ?? null,
        hours: known.hours ?? null,
        web: known.web ?? null,
      }
    },
    models,
  }
}
