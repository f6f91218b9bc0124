/** Adoption of a business change: on its page, and a form to fill in what was measured. */
import type { Say } from '#kernel/words.ts'
import { flat, lineField, type Mistakes, mistakesFrom, mistakesIn } from '#pages/form.ts'
import { may, mustBeAllowed } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { panel } from '#platform/module.ts'
import { type AppContext, type PageRequest, page } from '#platform/page.ts'
import { get } from '#platform/records/index.ts'
import { enterRows } from './actions.ts'
import { countWriter } from './pages-summary.ts'
import { type AdoptionRow, adoptionOf, type BusinessChange, isAdopted } from './queries-adoption.ts'
import { change, resultStatuses } from './records.ts'
import { entryTables, keyText, readEntry, requiredFields } from './rules-entry.ts'
import { type AdoptionForm, type AdoptionPanel, adoptionFormView, adoptionPanelView } from './views/adoption.tsx'

const spareLines = 2
const maxLines = 600

export const adoptionPanel = panel<AdoptionPanel, BusinessChange>({
  on: change.kind,
  place: 'lead',
  load: async (ctx, record) => {
    const rows = await adoptionOf(ctx, record.id)
    const { say, plain, href, day, choice } = presenterOf(ctx)
    const enter = may(ctx, 'rows.adoption', record) ? `${href(change.kind, record.code)}/adoption` : null
    if (rows.length === 0 && enter === null) return null
    const write = countWriter(ctx, record.adoptionUnit)
    const newest = rows.at(-1)
    const reached = newest ? isAdopted(record, newest.value) : null
    return {
      standing: !newest ? 'none' : reached === null ? 'open' : reached ? 'reached' : 'short',
      sentence: newest
        ? say('benefits.adoption.newest', {
            value: write(newest.value),
            day: day(newest.on),
            target: record.adoptionTarget === null ? '' : write(record.adoptionTarget),
            asked: record.adoptionTarget === null ? 'no' : 'yes',
          })
        : say('benefits.adoption.none'),
      rows: rows.toReversed().map((row) => ({
        day: day(row.on),
        value: write(row.value),
        status: choice(change.kind, 'adoption.status', row.status),
        note: plain(row.note),
      })),
      enter,
    }
  },
  view: adoptionPanelView,
})

type Attempt = { readonly given: Record<string, string>; readonly mistakes: Mistakes }

function formData(
  ctx: AppContext,
  record: BusinessChange,
  rows: readonly AdoptionRow[],
  attempt?: Attempt,
): AdoptionForm {
  const { say, named, plain, choices } = presenterOf(ctx)
  const given: Record<string, string> = {}
  for (const [line, row] of rows.entries()) {
    given[`was.${line}`] = keyText('adoption', row)
    given[`on.${line}`] = row.on
    given[`value.${line}`] = row.value
    given[`status.${line}`] = row.status
    given[`note.${line}`] = plain(row.note)
  }
  return {
    code: record.code,
    ...named(record),
    table: {
      name: 'adoption',
      title: say('benefits.change.rows.adoption'),
      lead: '',
      fields: Object.entries(entryTables.adoption.fields).map(([name, type]) => ({
        name,
        type,
        required: requiredFields.has(name),
        label: say(`benefits.change.rows.adoption.${name}`),
      })),
      lines: attempt ? Math.max(Number(attempt.given.lines) || 1, 1) : rows.length + spareLines,
      stored: rows.length,
      given: attempt?.given ?? given,
      mistakes: attempt?.mistakes ?? {},
    },
    statuses: choices(change.kind, 'adoption.status', resultStatuses),
  }
}

/** The business change, if the caller may fill in its adoption. @throws NotFound, NotAllowed */
async function changeAt(ctx: AppContext, request: PageRequest): Promise<BusinessChange> {
  const record = (await get(ctx, change, request.params.key ?? '')) as BusinessChange
  mustBeAllowed(ctx, 'rows.adoption', record)
  return record
}

export const adoptionPage = page<AdoptionForm>({
  path: '/benefits/changes/:key/adoption',
  policy: { can: 'rows.adoption', kind: change.kind },
  section: 'results',
  load: async (ctx, request) => {
    const record = await changeAt(ctx, request)
    return formData(ctx, record, await adoptionOf(ctx, record.id))
  },
  post: async (ctx, request) => {
    const record = await changeAt(ctx, request)
    const { say, href } = presenterOf(ctx)
    const given = flat(request.form)
    const lines = Math.min(Math.max(Number(given.lines) || 1, 1), maxLines)
    const entered = readEntry('adoption', given, lines)
    const mistakes =
      entered.problems.length > 0
        ? mistakesFrom(entered.problems, say, lineField('value'))
        : await mistakesIn(() => enterRows(ctx, record, 'adoption', entered, null), say, lineField('value'))
    if (!mistakes)
      return {
        redirect: href(change.kind, record.code),
        notice: { key: 'benefits.figures.saved', values: { count: entered.set.length + entered.remove.length } },
      }
    return formData(ctx, record, await adoptionOf(ctx, record.id), { given, mistakes })
  },
  trail: (data, { say }: { say: Say }) => [
    { label: say('benefits.change.plural'), href: '/benefits/changes' },
    { label: data.text, href: data.href },
  ],
  title: (data, { say }) => say('benefits.adoption.title', { title: data.text }),
  view: adoptionFormView,
})
