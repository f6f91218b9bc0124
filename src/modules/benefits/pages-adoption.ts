/** Adoption of a business change: on its page, and a form to fill in what was measured. */
import { notAllowed, Problem } from '#kernel/problem.ts'
import { localize, type Say } from '#kernel/words.ts'
import { isSignedIn } from '#platform/caller.ts'
import { panel } from '#platform/module.ts'
import { type AppContext, type PageRequest, page } from '#platform/page.ts'
import type { RecordRow } from '#platform/policy.ts'
import { get } from '#platform/records/index.ts'
import { enterRows } from './actions.ts'
import { type AdoptionRow, adoptionOf, type BusinessChange, isAdopted } from './queries-adoption.ts'
import { countWriter, dayText, sayOf } from './queries-shown.ts'
import { change, resultStatuses } from './records.ts'
import { entryTables, keyText, readEntry, requiredFields } from './rules-entry.ts'
import { type AdoptionForm, type AdoptionPanel, adoptionFormView, adoptionPanelView } from './views/adoption.tsx'

const hrefOf = (code: string) => `/benefits/changes/${code}`
const spareLines = 2
const maxLines = 600

const mayEnter = (ctx: AppContext, record: BusinessChange) =>
  isSignedIn(ctx.caller) && ctx.policies.can(ctx.caller, 'rows.adoption', record as unknown as RecordRow)

export const adoptionPanel = panel<AdoptionPanel>({
  on: change.kind,
  place: 'lead',
  load: async (ctx, plain) => {
    const record = plain as unknown as BusinessChange
    const rows = await adoptionOf(ctx, record.id)
    const enter = mayEnter(ctx, record) ? `${hrefOf(record.code)}/adoption` : null
    if (rows.length === 0 && enter === null) return null
    const say = sayOf(ctx)
    const write = countWriter(ctx, record.adoptionUnit)
    const newest = rows.at(-1)
    const reached = newest ? isAdopted(record, newest.value) : null
    return {
      standing: !newest ? 'none' : reached === null ? 'open' : reached ? 'reached' : 'short',
      sentence: newest
        ? say('benefits.adoption.newest', {
            value: write(newest.value),
            day: dayText(ctx, newest.on),
            target: record.adoptionTarget === null ? '' : write(record.adoptionTarget),
            asked: record.adoptionTarget === null ? 'no' : 'yes',
          })
        : say('benefits.adoption.none'),
      rows: rows.toReversed().map((row) => ({
        day: dayText(ctx, row.on),
        value: write(row.value),
        status: say(`benefits.change.choice.adoption.status.${row.status}`),
        note: row.note ? localize(row.note, ctx.language, ctx.registry.language).text : '',
      })),
      enter,
    }
  },
  view: adoptionPanelView,
})

type Attempt = { readonly given: Record<string, string>; readonly mistakes: Record<string, string> }

function formData(
  ctx: AppContext,
  record: BusinessChange,
  rows: readonly AdoptionRow[],
  attempt?: Attempt,
): AdoptionForm {
  const say = sayOf(ctx)
  const title = localize(record.title, ctx.language, ctx.registry.language)
  const given: Record<string, string> = {}
  for (const [line, row] of rows.entries()) {
    given[`was.${line}`] = keyText('adoption', row)
    given[`on.${line}`] = row.on
    given[`value.${line}`] = row.value
    given[`status.${line}`] = row.status
    given[`note.${line}`] = row.note ? localize(row.note, ctx.language, ctx.registry.language).text : ''
  }
  return {
    code: record.code,
    title: title.text,
    lang: title.lang,
    href: hrefOf(record.code),
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
    statuses: resultStatuses.map((value) => ({
      value,
      label: say(`benefits.change.choice.adoption.status.${value}`),
    })),
  }
}

/** The business change, where the caller may fill in its adoption. @throws NotFound, NotAllowed */
async function changeAt(ctx: AppContext, request: PageRequest): Promise<BusinessChange> {
  const record = (await get(ctx, change, request.params.key ?? '')) as BusinessChange
  if (!mayEnter(ctx, record)) throw notAllowed('identity.not-allowed', { action: 'rows.adoption', kind: change.kind })
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
    const say = sayOf(ctx)
    const given = Object.fromEntries(
      Object.entries(request.form).map(([name, value]) => [name, String(Array.isArray(value) ? value.at(-1) : value)]),
    )
    const lines = Math.min(Math.max(Number(given.lines) || 1, 1), maxLines)
    const entered = readEntry('adoption', given, lines)
    const mistakes: Record<string, string> = {}
    const note = (at: string, code: string, values?: Record<string, string | number>) => {
      const row = /^\/rows\/\w+\/(\d+)(?:\/(\w+))?$/.exec(at)
      mistakes[row ? `${row[2] ?? 'value'}.${row[1]}` : at.slice(1)] ??= say(`problem.${code}`, values)
    }
    for (const { at, code, values } of entered.problems) note(at, code, values)
    if (entered.problems.length === 0)
      try {
        await enterRows(ctx, record, 'adoption', entered, null)
        return {
          redirect: hrefOf(record.code),
          notice: { key: 'benefits.figures.saved', values: { count: entered.set.length + entered.remove.length } },
        }
      } catch (error) {
        if (!(error instanceof Problem) || error.kind !== 'Invalid') throw error
        for (const { at, code, values } of error.fields) note(at, code, values)
      }
    return formData(ctx, record, await adoptionOf(ctx, record.id), { given, mistakes })
  },
  trail: (data, { say }: { say: Say }) => [
    { label: say('benefits.change.plural'), href: '/benefits/changes' },
    { label: data.title, href: data.href },
  ],
  title: (data, { say }) => say('benefits.adoption.title', { title: data.title }),
  view: adoptionFormView,
})
