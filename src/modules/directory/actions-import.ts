/**
 * What tables may say about organisations: rows of other rooms name them, and the workbook has a sheet for them and
 * their posts.
 */
import type { ImportOffers, MappedTable, NamedRecords } from '#platform/imports/index.ts'
import { textOf } from '#platform/imports/index.ts'
import type { Values } from '#platform/tabular/index.ts'
import sheets from './library/template-sheets.json' with { type: 'json' }
import { findCity } from './queries.ts'
import { organisation } from './records.ts'

const fields = ['organisationKind', 'sector', 'identityCode', 'budgetCode', 'abbreviation'] as const
const columns = ['name', 'id', ...fields].map((name) => `organisation.${name}`)
const maxListed = 20

/** An organisation by its identity or name. An unknown one is added if the mapping says what kind it is. */
const bodies: NamedRecords = {
  name: 'organisation',
  kind: organisation.kind,
  columns,
  byName: true,
  needs: ['organisationKind', 'sector'],
  // One field holds all codes of an organisation; two organisations may share a code.
  gather: ['budgetCode'],
  unknown: 'import.unknown-organisation',
  shown: 'organisation',
  initial: async (ctx) => ({ parent: (await findCity(ctx.db))?.organisation ?? null }),
  open: (table) => {
    const tally = new BodyTally()
    return {
      read: (values) => {
        const id = textOf(values['organisation.id'])
        const name = textOf(values['organisation.name'])
        tally.row(values, table)
        if (id === null && name === null) return []
        const stated = fields.flatMap((field) => {
          const text = textOf(values[`organisation.${field}`])
          return text === null ? [] : [[field, text] as const]
        })
        const key = id !== null ? `id:${id}` : `name:${name!.toLowerCase()}`
        const content = { id: id ?? name!, title: name ?? id!, named: id !== null && name !== null }
        return [{ key, content: { ...content, values: Object.fromEntries(stated) } }]
      },
      notes: (made) => tally.notes(made),
    }
  },
}

/** What the rows say about organisations and their budget codes, counted while they stream past. */
class BodyTally {
  #without = 0
  #withoutCode = 0
  /** Names by budget code, and codes by name. */
  readonly #names = new Map<string, Set<string>>()
  readonly #codes = new Map<string, Set<string>>()

  row(values: Values, { mapped }: MappedTable): void {
    const name = textOf(values['organisation.name']) ?? textOf(values['organisation.id'])
    if (name === null && (mapped.all.has('organisation.name') || mapped.all.has('organisation.id'))) this.#without += 1
    const code = textOf(values['organisation.budgetCode'])
    if (code === null) this.#withoutCode += 1
    else if (name !== null && this.#names.size < 5000) {
      add(this.#names, code, name)
      add(this.#codes, name, code)
    }
  }

  notes(made: number) {
    const note = (what: string, values: Record<string, string | number>) => ({
      code: `directory.import.note.${what}`,
      values,
    })
    const several = [...this.#codes].filter(([, codes]) => codes.size > 1)
    const shared = [...this.#names].filter(([, names]) => names.size > 1)
    return [
      ...(this.#without > 0 ? [note('no-organisation', { count: this.#without })] : []),
      ...(made > 0 ? [note('organisations-made', { count: made })] : []),
      ...several.slice(0, maxListed).map(([name, codes]) => note('several-codes', { name, codes: listed(codes) })),
      ...shared.slice(0, maxListed).map(([code, names]) => note('shared-code', { code, names: listed(names) })),
      ...(this.#names.size > 0 ? [note('codes', { count: this.#names.size, without: this.#withoutCode })] : []),
    ]
  }
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key) ?? new Set<string>()
  map.set(key, set)
  if (set.size < 50) set.add(value)
}

function listed(texts: ReadonlySet<string>): string {
  const all = [...texts].sort()
  return all.length > maxListed ? `${all.slice(0, maxListed).join(', ')} …` : all.join(', ')
}

export const importOffers: ImportOffers = { named: [bodies], sheets }
