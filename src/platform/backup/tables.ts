/** Tables and sequences of the rooms, referenced ones first. */
import type { PoolClient } from 'pg'

export type TableFacts = { readonly schema: string; readonly name: string; readonly columns: readonly string[] }
export type SequenceFacts = {
  readonly schema: string
  readonly name: string
  readonly last: string
  readonly called: boolean
}

/** Schemas of the rooms, by the names of their folders of migrations. */
export const schemasOf = (modules: ReadonlyArray<{ readonly module: string }>): string[] =>
  modules.map(({ module }) => module.replaceAll('-', ''))

/** Logged tables; staging rows of running imports are not part of a backup. */
export async function tablesIn(client: PoolClient, schemas: readonly string[]): Promise<TableFacts[]> {
  const { rows } = await client.query<{ schema: string; name: string; columns: string[]; above: string[] }>(
    `select n.nspname::text as schema, c.relname::text as name,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         and a.attgenerated = '' order by a.attnum) as columns,
       array(select distinct format('%s.%s', fn.nspname, fc.relname) from pg_constraint k join pg_class fc on fc.oid = k.confrelid
         join pg_namespace fn on fn.oid = fc.relnamespace where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as above
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname = any($1)
     order by n.nspname collate "C", c.relname collate "C"`,
    [schemas],
  )
  const byName = new Map(rows.map((row) => [`${row.schema}.${row.name}`, row]))
  const sorted: TableFacts[] = []
  const placed = new Set<string>()
  const place = (full: string) => {
    const row = byName.get(full)
    if (!row || placed.has(full)) return
    placed.add(full)
    for (const above of row.above) place(above)
    sorted.push({ schema: row.schema, name: row.name, columns: row.columns })
  }
  for (const full of byName.keys()) place(full)
  return sorted
}

export async function sequencesIn(client: PoolClient, schemas: readonly string[]): Promise<SequenceFacts[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname::text as schema, c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'S' and n.nspname = any($1) order by 1, 2`,
    [schemas],
  )
  const found: SequenceFacts[] = []
  for (const { schema, name } of rows) {
    const state = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${quoted(schema)}.${quoted(name)}`,
    )
    found.push({ schema, name, ...state.rows[0]! })
  }
  return found
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const tableName = ({ schema, name }: { schema: string; name: string }): string =>
  `${quoted(schema)}.${quoted(name)}`
export const columnList = ({ columns }: { columns: readonly string[] }): string => columns.map(quoted).join(', ')
