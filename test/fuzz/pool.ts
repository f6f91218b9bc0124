/** What requests can name: records of the city with what they hold, change sets, entries, places to go on from. */
import { addressOf } from '#kernel/projections/endpoints.ts'
import type { TestWeb } from '#test/kit/visitors.ts'
import type { Random } from './random.ts'

export type Pool = {
  readonly idOf: (kind: string | undefined) => string
  readonly anyId: () => string
  readonly codeOf: (kind: string | undefined) => string
  readonly changeSet: () => string
  readonly entry: () => string
  readonly figure: () => string
  readonly cursor: () => string
  /** What a record of the kind holds, as it was when the run began. */
  readonly valuesOf: (kind: string) => Record<string, unknown>
  /** The version of a record now; undefined if there is no such record. */
  readonly versionOf: (id: string) => Promise<number | undefined>
  /** Takes up what an answer names: the place to go on from, a new change set, a new record. */
  readonly learn: (status: number, headers: Readonly<Record<string, unknown>>, text: string) => void
}

const keptLearned = 200

type Row = { id: string; kind: string; code: string }

/** The accounts that send the requests are left out: of accounts only those are changed that a request created. */
export async function readPool(
  web: TestWeb,
  random: Random,
  signedIn: (path: string) => Promise<string>,
): Promise<Pool> {
  const records = await web.rows<Row>(`select r.id, r.kind, r.code from records.record r
    where r.kind <> 'identity.account' order by r.id`)
  const kinds = Map.groupBy(records, ({ kind }) => kind)
  const changeSets = (await web.rows<{ id: string }>('select id from records."changeSet" order by id')).map(
    ({ id }) => id,
  )
  const entries = (await web.rows<{ id: string }>('select id from records.entry order by id limit 500')).map(
    ({ id }) => id,
  )
  const values = new Map<string, Array<Record<string, unknown>>>()
  for (const { declaration } of web.app.registry.kinds.values()) {
    const { items = [] } = JSON.parse(await signedIn(`/api/v1${addressOf(declaration)}?limit=100`)) as {
      items?: Array<Record<string, unknown>>
    }
    values.set(declaration.kind, items)
  }
  const cursors: string[] = ['W10', Buffer.from('["x"]').toString('base64url')]
  const figures = web.app.figures.map(({ id }) => id)
  const keep = (list: string[], item: string) => {
    if (list.length >= keptLearned) list[random.below(list.length)] = item
    else list.push(item)
  }
  const nowhere = '0197a000-0000-7000-8000-00000000dead'
  const rowOf = (kind: string | undefined): Row | undefined => {
    const own = kind === undefined ? records : (kinds.get(kind) ?? [])
    return own.length > 0 ? random.pick(own) : undefined
  }
  return {
    idOf: (kind) => rowOf(kind)?.id ?? nowhere,
    anyId: () => random.pick(records).id,
    codeOf: (kind) => rowOf(kind)?.code ?? 'ORG-0001',
    changeSet: () => random.pick(changeSets),
    entry: () => random.pick(entries),
    figure: () => (figures.length > 0 ? random.pick(figures) : 'none'),
    cursor: () => random.pick(cursors),
    valuesOf: (kind) => {
      const list = values.get(kind) ?? []
      return list.length > 0 ? random.pick(list) : {}
    },
    versionOf: async (id) => {
      const [row] = await web.rows<{ version: number }>(
        'select version from records.record where id::text = $1 or code = $1',
        [id],
      )
      return row?.version
    },
    learn: (status, headers, text) => {
      if (status === 201) {
        const row = JSON.parse(text) as Row
        if (row.code !== undefined) {
          records.push(row)
          kinds.set(row.kind, [...(kinds.get(row.kind) ?? []), row])
        }
      }
      if (typeof headers['change-set'] === 'string') keep(changeSets, headers['change-set'])
      const next = /"next":"([^"]+)"/.exec(text)?.[1]
      if (next) keep(cursors, next)
    },
  }
}
