import { sql } from 'kysely'
import { nameOf, schemaOf } from '#kernel/record.ts'

/** The table of a kind: `benefits.benefit`. */
export const tableOf = (kind: string) => sql`${sql.id(schemaOf(kind), nameOf(kind))}`
/** The table of a kind's rows: `directory.holding`. */
export const rowTable = (kind: string, name: string) => sql`${sql.id(schemaOf(kind), name)}`
