/** The door of the forms of rows: every table of every kind has one, where somebody may write its rows. */
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import type { Manifest } from '#platform/module.ts'
import type { AppContext, PageDefinition } from '#platform/page.ts'
import { presenterOf } from '../presenter.ts'
import { firstTablePage, tablePages, writable } from './page.ts'
import { addressOfTable, type TableForm, tableLabel } from './table.ts'

export { periodColumn } from './period-column.ts'
export type { TableForm } from './table.ts'

/** The tables of a kind whose rows somebody may write, with what the rooms say about their forms. */
export function tableForms(
  kind: RecordKind,
  { base, section }: { readonly base: string; readonly section: string | undefined },
  manifests: readonly Manifest[],
): TableForm[] {
  const special = manifests.flatMap((manifest) => manifest.rowForms ?? [])
  const rules = manifests.flatMap((manifest) => manifest.policy ?? [])
  return Object.entries(kind.rows).flatMap(([table, rows]) => {
    const may = rules.some((rule) => rule.actions.includes(`rows.${table}`) && rule.kinds.includes(kind.kind))
    if (!may) return []
    const form = special.find((each) => each.kind === kind.kind && each.table === table) ?? { kind: kind.kind, table }
    return [{ kind, table, rows, form, base, section }]
  })
}

/** The pages of some tables of one kind. */
export const rowPages = (tables: readonly TableForm[]): PageDefinition[] => [
  ...tables.filter(({ form }) => form.ownPage === undefined).flatMap((table) => tablePages(table, tables)),
  ...(tables.length > 0 ? [firstTablePage(tables)] : []),
]

/** Where the reader may write rows of a record: what its page links to. */
export const rowLinks = async (ctx: AppContext, tables: readonly TableForm[], record: AnyRecord) =>
  (await writable(ctx, tables, record))
    .filter(({ form }) => !form.linked)
    .map((table) => ({
      label: presenterOf(ctx).say(tableLabel(table)),
      href: addressOfTable(table, record),
    }))
