/**
 * Averlind, the demo city: an invented river city of about 640,000 people. Its parts stand in the rooms (`samples.ts`); here
 * they are put together. Pure: no clock, no database.
 */
import type { Manifest } from '#platform/module.ts'
import { type Change, newId } from '#platform/records/index.ts'
import { type Sample, sampleSource } from '#platform/samples.ts'
import type { Day } from '#values/period.ts'
import texts from './city.json' with { type: 'json' }

export const { watermark } = texts
const stages: ReadonlyArray<Sample['stage']> = ['records', 'afterwards', 'published']

export type CityChanges = {
  /** In the order in which they are saved: records of a batch may point at each other, and at those before. */
  readonly batches: ReadonlyArray<readonly Change[]>
  /** Id of a record by its external id. */
  readonly idOf: (ref: string) => string
}

type ExternalId = { readonly source: string; readonly id: string }

/**
 * The city as changes for the gate, as it stands on a day.
 * @throws Error naming what rooms point at and none makes, or what two of them make.
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
