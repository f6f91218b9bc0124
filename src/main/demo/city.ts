/**
 * Averlind, the demo city: an invented river city of about 640,000 people. Its parts are in the rooms (`samples.ts`)
 * and are assembled here. Pure: no clock, no database.
 */
import type { Manifest } from '#platform/module.ts'
import { type Change, newId } from '#platform/records/index.ts'
import { type Sample, sampleSource } from '#platform/samples.ts'
import type { Day } from '#values/period.ts'
import texts from './city.json' with { type: 'json' }

export const { watermark } = texts
const stages: ReadonlyArray<Sample['stage']> = ['records', 'afterwards', 'published']

export type CityChanges = {
  /** In saving order: records of a batch may point at each other, and at earlier ones. */
  readonly batches: ReadonlyArray<readonly Change[]>
  /** Id of a record by its external id. */
  readonly idOf: (ref: string) => string
}

type ExternalId = { readonly source: string; readonly id: string }

/**
 * The city on a given day, as changes for the gate.
 * @throws Error naming what rooms point at but none creates, or what two of them create.
 */
export function cityChanges(rooms: readonly Pick<Manifest, 'samples'>[], today: Day): CityChanges {
  const ids = new Map<string, string>()
  const made = new Set<string>()
  const idOf = (ref: string, source: string = sampleSource): string => {
    const key = `${source} ${ref}`
    const id = ids.get(key) ?? newId()
    ids.set(key, id)
    return id
  }
  const note = (change: Change) => {
    for (const { source, id } of (change.values?.externalIds ?? []) as readonly ExternalId[]) {
      const key = `${source} ${id}`
      if (made.has(key)) throw new Error(`The demo city makes "${id}" twice.`)
      made.add(key)
      if ((ids.get(key) ?? change.id) !== change.id) throw new Error(`"${id}" is pointed at before it is made.`)
      ids.set(key, change.id!)
    }
  }
  const city = { today, title: texts.city, idOf }
  const batches = stages.flatMap((stage) =>
    rooms
      .flatMap(({ samples }) => samples ?? [])
      .filter((sample) => sample.stage === stage)
      .map(({ changes }) => {
        const batch = changes(city)
        for (const change of batch) if (change.action === 'create') note(change)
        return batch
      }),
  )
  const missing = [...ids.keys()].filter((key) => !made.has(key))
  if (missing.length > 0) throw new Error(`The demo city points at what no room makes: ${missing.join(', ')}.`)
  return { batches, idOf }
}
