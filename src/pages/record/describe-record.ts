/**
 * Reads everything a reader sees of one record. Given another reader's context, it shows what that reader would see.
 */
import type { AnyRecord } from '#kernel/record.ts'
import type { AppContext } from '#platform/page.ts'
import { externalIdsOf, namesOf, rowsOf } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { RowLinks } from '#web/record-pages/rows.tsx'
import type { FactView, PanelView, RecordView, RowsView } from '#web/record-pages/show.tsx'
import { presenterOf, referencesIn } from '../presenter.ts'
import { rowLinks } from '../rows/index.ts'
import type { KindPages } from './kind-pages.ts'
import { linkGroups, ownedRecordCounts } from './links.ts'
import { sightOf } from './sight.ts'

const maxRows = 20

export async function describeRecord(
  ctx: AppContext,
  pages: KindPages,
  record: AnyRecord,
  query: Readonly<Record<string, string>>,
): Promise<RecordView> {
  const { kind, base } = pages
  const presenter = presenterOf(ctx)
  const covered = new Set(pages.panels.flatMap((panel) => panel.covers ?? []))
  const { signedIn } = presenter
  const [names, sight, groups, held, panels, rows, holder, ids] = await Promise.all([
    namesOf(ctx, [record.organisation, record.owner, ...referencesIn(kind.fields, record)]),
    sightOf(ctx, record.id, query.sight === 'all'),
    linkGroups(ctx, kind, record, base),
    ownedRecordCounts(ctx, kind, record.id),
    panelsOf(ctx, pages, record, query),
    signedIn && pages.panels.length === 0 ? rowsShown(ctx, pages, record.id) : [],
    signedIn ? holderOf(ctx, record.owner) : undefined,
    signedIn ? externalIdsOf(ctx, [record.id]) : undefined,
  ])
  const name = (id: string | null) => {
    const found = id ? names.get(id) : undefined
    return found && presenter.named(found)
  }
  const facts = Object.entries(kind.fields).flatMap(([field, declared]): FactView[] => {
    const value = presenter.value(declared, `${kind.kind}.choice.${field}`, record[field], names)
    // The public does not learn of the existence of something it may not see.
    const kept = signedIn ? value : withoutHidden(value)
    return kept && kept.as !== 'nothing' ? [{ label: presenter.fieldLabel(kind.kind, field), value: kept }] : []
  })
  const tables = await rowLinks(ctx, pages.tables, record)
  const external = ids?.get(record.id) ?? []
  if (external.length > 0)
    facts.push({
      label: presenter.say('record.field.externalIds'),
      value: { as: 'several', items: external.map(({ source, id }) => ({ as: 'text', text: `${source}: ${id}` })) },
    })
  return {
    id: record.id,
    kind: kind.kind,
    code: record.code,
    title: presenter.text(record.title),
    state: presenter.stateShown(kind.kind, record.state),
    audience: record.audience,
    organisation: name(record.organisation),
    owner: name(record.owner),
    holder,
    facts,
    panels: tables.length > 0 ? [...panels, { place: 'main', draw: (view) => RowLinks({ tables, view }) }] : panels,
    groups,
    held,
    rows,
    sight: { ...sight, ...(covered.has('up') ? { ways: [] } : {}), ...(covered.has('down') ? { below: [] } : {}) },
    all: `${base}/${record.code}?sight=all`,
    signedIn,
  }
}

function withoutHidden(value: FactView['value']): FactView['value'] | undefined {
  if (value.as === 'hidden' || value.as === 'erased') return undefined
  if (value.as !== 'several') return value
  const items = value.items.filter((item) => item.as !== 'hidden')
  return items.length > 0 ? { as: 'several', items } : undefined
}

async function panelsOf(
  ctx: AppContext,
  pages: KindPages,
  record: AnyRecord,
  query: Readonly<Record<string, string>>,
): Promise<PanelView[]> {
  const loaded = await Promise.all(pages.panels.map((panel) => panel.load(ctx, record, query)))
  return pages.panels.flatMap((panel, index): PanelView[] => {
    const data = loaded[index]
    return data === null || data === undefined ? [] : [{ place: panel.place, draw: (view) => panel.view(data, view) }]
  })
}

/** Who holds a post today, where the reader may read that person. */
async function holderOf(ctx: AppContext, post: string | null) {
  if (!post) return undefined
  const today = todayOf(ctx)
  const person = (await ctx.people.holding(ctx, [post], today)).get(post)
  const found = person && (await namesOf(ctx, [person])).get(person)
  return found ? presenterOf(ctx).text(found.title) : undefined
}

/** Plain tables of the record, for kinds whose rooms do not show them themselves. */
async function rowsShown(ctx: AppContext, { kind }: KindPages, record: string): Promise<RowsView[]> {
  const presenter = presenterOf(ctx)
  const tables: RowsView[] = []
  for (const [name, declared] of Object.entries(kind.rows)) {
    const { rows, next } = await rowsOf(ctx, kind, name, record, { limit: maxRows })
    if (rows.length === 0) continue
    const names = await namesOf(
      ctx,
      rows.flatMap((row) => referencesIn(declared.fields, row)),
    )
    const fields = Object.entries(declared.fields)
    tables.push({
      name,
      label: presenter.say(`${kind.kind}.rows.${name}`),
      columns: fields.map(([field]) => presenter.say(`${kind.kind}.rows.${name}.${field}`)),
      rows: rows.map((row) =>
        fields.map(([field, each]) => presenter.value(each, `${kind.kind}.choice.${name}.${field}`, row[field], names)),
      ),
      more: next !== null,
    })
  }
  return tables
}
