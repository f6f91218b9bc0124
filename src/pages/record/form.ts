/** The pages that create and edit a record. */
import { sql } from 'kysely'

import { isSingleReference, targetKinds } from '#kernel/fields/reference.ts'
import { fieldType } from '#kernel/fields/types.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import { notAllowed, Problem } from '#kernel/problem.ts'
import type { FormField } from '#kernel/projections/fieldset.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import { inTransaction } from '#platform/app.ts'
import { type AppContext, type PageDefinition, type PageRequest, page, type Redirect } from '#platform/page.ts'
import { type Change, isId, Permit, prepare, readableRecords, type Saved, write } from '#platform/records/index.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import { type ConflictView, RecordConflict } from '#web/record-pages/conflict.tsx'
import { type FormView, RecordForm } from '#web/record-pages/form.tsx'
import { presenterOf } from '../presenter.ts'
import { conflictOf, merged } from './conflict.ts'
import { controlsFor, fieldsOf, type ProblemMessages, problemMessages, writingLanguages } from './controls.ts'
import {
  changesOf,
  type FormValues,
  fieldOf,
  formMedium,
  formNames,
  formValuesOf,
  type LinksByName,
  readFormValues,
} from './form-values.ts'
import { type KindPages, may, oneOf, recordAt, trailBelow, trailOf } from './kind-pages.ts'
import { resolve } from './options.ts'

type FormData = FormView | ConflictView

const view = (data: FormData, given: Parameters<typeof RecordForm>[1]) =>
  data.page === 'form' ? RecordForm(data, given) : RecordConflict(data, given)

export const newPage = (pages: KindPages): PageDefinition =>
  page<FormData>({
    path: `${pages.base}/new`,
    policy: { can: 'create', kind: pages.kind.kind },
    ...(pages.section ? { section: pages.section } : {}),
    load: async (ctx, request) => {
      const typed = await prefilled(ctx, pages.kind, request.query)
      return formData(ctx, pages, undefined, typed, '')
    },
    post: (ctx, request) => create(ctx, pages, request),
    title: (_data, { say }) => say('record.form.new-title', { kind: say(pages.kind.kind) }),
    trail: trailOf(pages),
    view,
  })

export const editPage = (pages: KindPages): PageDefinition =>
  page<FormData>({
    path: `${pages.base}/:key/edit`,
    policy: { can: 'change', kind: pages.kind.kind },
    ...(pages.section ? { section: pages.section } : {}),
    load: async (ctx, request) => {
      const record = await editable(ctx, pages, request)
      const links = await linksByName(ctx, pages.kind, record.id)
      return formData(ctx, pages, record, formValuesOf(ctx, pages.kind, record, links), '')
    },
    post: (ctx, request) => change(ctx, pages, request),
    title: (data, { say }) =>
      data.page === 'form'
        ? say('record.form.edit-title', { title: data.record?.text ?? '' })
        : say('record.conflict.title'),
    trail: (data, { say }) => (data.record ? trailBelow(pages, data.record)({ say } as never) : []),
    view,
  })

/** @throws NotFound, Gone for a retired record, NotAllowed for somebody who may not change it. */
async function editable(ctx: AppContext, pages: KindPages, request: PageRequest): Promise<AnyRecord> {
  const record = await recordAt(ctx, pages, request.params.key ?? '')
  if (record.retiredAt) throw new Problem('Gone', 'records.retired', { values: { code: record.code } })
  if (!may(ctx, 'change', record)) throw notAllowed('identity.not-allowed', { action: 'change', kind: record.kind })
  return record
}

/** The links that start at a record, by name, as far as the caller may see the other end. */
export async function linksByName(ctx: AppContext, kind: RecordKind, id: string): Promise<LinksByName> {
  const { rows } = await sql<{ name: string; to: string; weight: string | null }>`
    select l.name, l."to", l.weight from records.link l join ${readableRecords(ctx)} r on r.id = l."to"
    where l."from" = ${id} order by r.code`.execute(ctx.db)
  return Object.fromEntries(
    Object.keys(kind.links).map((name) => [
      name,
      rows.filter((row) => row.name === `${kind.kind}.${name}`).map(({ to, weight }) => ({ to, weight })),
    ]),
  )
}

/** A new form; `?level=2&links.contributesTo=OUT-0001` fills in what the linking page knows already. */
async function prefilled(
  ctx: AppContext,
  kind: RecordKind,
  query: Readonly<Record<string, string>>,
): Promise<FormValues> {
  const bodies = ctx.caller.grants.length === 1 ? (ctx.caller.grants[0]!.organisations ?? []) : []
  const typed = formValuesOf(
    ctx,
    kind,
    { audience: kind.audience, organisation: bodies.length === 1 ? bodies[0]! : null },
    {},
  )
  const idOf = async (to: readonly string[] | 'any', text: string) => {
    const found = await resolve(ctx, to, text)
    return 'id' in found ? found.id : text
  }
  for (const name of formNames(kind)) {
    const asked = query[name]?.slice(0, 2000)
    const field = fieldOf(ctx, kind, name)
    if (asked === undefined) {
      for (const key of Object.keys(query)) if (key.startsWith(`${name}.`) && key in typed) typed[key] = query[key]!
    } else if (!field) {
      const texts = asked.split(',').filter(Boolean).slice(0, 20)
      typed[`rows.${name}`] = String(texts.length + 3)
      for (const [index, text] of texts.entries())
        typed[`${name}.${index}.to`] = await idOf(kind.links[name.slice(6)]!.to, text)
    } else {
      const parts = fieldType(field.type).parts(field, formMedium(ctx))
      const part = parts.find((each) => each.name === '' || each.language === ctx.city.language) ?? parts[0]!
      const texts = part.several ? asked.split(',').slice(0, 50) : [asked]
      const given =
        part.holds === 'record' ? await Promise.all(texts.map((text) => idOf(targetKinds(field), text))) : texts
      typed[part.name === '' ? name : `${name}.${part.name}`] = part.several ? given : given[0]!
    }
  }
  return typed
}

/**
 * Fields that only a later step of the life cycle asks for (a reason for dropping it, the basis of a validation) are
 * asked for at that step, not before: the form for a new record shows what is known at the start.
 */
function comesLater(kind: RecordKind, name: string, record: AnyRecord | undefined): boolean {
  const from = kind.fields[name]?.requiredFrom
  if (from === undefined || record?.state === from) return false
  const closed = kind.closed as readonly string[]
  return closed.includes(from) || (!record && kind.states.indexOf(from) > furthestAtFirst)
}
/** How many states ahead count as in sight when a record is created. */
const furthestAtFirst = 2

const isFilled = (typed: FormValues, name: string): boolean =>
  Object.entries(typed).some(([key, value]) => (key === name || key.startsWith(`${name}.`)) && oneOf(value) !== '')

const nothingWrong: ProblemMessages = { byField: new Map(), mistakes: [] }

async function formData(
  ctx: AppContext,
  pages: KindPages,
  record: AnyRecord | undefined,
  typed: FormValues,
  why: string,
  problems: readonly FieldProblem[] = [],
  suggestions: ReadonlyMap<string, readonly RecordOption[]> = new Map(),
): Promise<FormView> {
  const { kind, base } = pages
  const isPublic = record?.audience === 'public'
  const fields = fieldsOf(ctx, kind, record?.state ?? kind.states[0]!, isPublic).filter(
    ({ name }) => isFilled(typed, name) || !comesLater(kind, name, record),
  )
  const wrong = problems.length > 0 ? problemMessages(ctx, kind, problems) : nothingWrong
  const controls = await controlsFor(ctx, kind, fields, typed, wrong, suggestions)
  const group = (name: string, belongs: (field: FormField) => boolean) => ({
    name,
    controls: controls.filter((control) => belongs(control.field)),
  })
  const responsible = (field: FormField) => ['organisation', 'owner', 'audience'].includes(field.name)
  const link = (field: FormField) => field.type === 'link'
  const first = Object.values(kind.fields).length <= 8
  const main = (field: FormField) => {
    const declared = kind.fields[field.name]
    return (
      first || field.name === 'title' || field.required || Boolean(declared?.requiredFrom) || Boolean(declared?.search)
    )
  }
  const own = (field: FormField) => !responsible(field) && !link(field)
  const presenter = presenterOf(ctx)
  return {
    page: 'form',
    kind: kind.kind,
    ...(record ? { record: { ...presenter.text(record.title), code: record.code }, version: record.version } : {}),
    action: record ? `${base}/${record.code}/edit` : `${base}/new`,
    cancel: record ? `${base}/${record.code}` : base,
    groups: [
      group('main', (field) => own(field) && main(field)),
      group('responsible', responsible),
      group('links', link),
      group('further', (field) => own(field) && !main(field)),
    ].filter((each) => each.controls.length > 0),
    mistakes: wrong.mistakes,
    languages: writingLanguages(ctx),
    why,
    searches: controls.some((each) => each.search || each.rows?.some((row) => row.search)),
    isPublic,
  }
}

/** Buttons of the form that do not save: more rows, look up what was typed. */
async function lookAgain(
  ctx: AppContext,
  pages: KindPages,
  record: AnyRecord | undefined,
  typed: FormValues,
  act: string,
): Promise<FormView | undefined> {
  const why = oneOf(typed.why)
  const more = /^more:(links\.\w+)$/.exec(act)?.[1]
  if (more) {
    const rows = Math.min((Number(oneOf(typed[`rows.${more}`])) || 0) + 3, 500)
    return formData(ctx, pages, record, { ...typed, [`rows.${more}`]: String(rows) }, why)
  }
  if (act !== 'search') return undefined
  const { problems, suggestions } = await readFormValues(ctx, pages.kind, typed, record)
  return formData(ctx, pages, record, await understood(ctx, pages.kind, typed), why, problems, suggestions)
}

/** What was typed, with text replaced by the reference where it is unambiguous. */
async function understood(ctx: AppContext, kind: RecordKind, typed: FormValues): Promise<FormValues> {
  const clear: FormValues = { ...typed }
  const settle = async (slot: string, to: readonly string[] | 'any') => {
    const text = oneOf(typed[slot]).trim()
    if (!text || isId(text)) return
    const found = await resolve(ctx, to, text)
    if ('id' in found) clear[slot] = found.id
  }
  for (const name of formNames(kind)) {
    const field = fieldOf(ctx, kind, name)
    if (field && isSingleReference(field)) await settle(name, targetKinds(field))
    if (field) continue
    for (let index = 0; index < Math.min(Number(oneOf(typed[`rows.${name}`])) || 0, 500); index++)
      await settle(`${name}.${index}.to`, kind.links[name.slice(6)]!.to)
  }
  return clear
}

/**
 * Writes one change; if something typed could not be read, also asks the gate for its problems, so that all of them
 * come back together.
 */
export async function attempt(
  ctx: AppContext,
  why: string,
  change: Change,
  already: readonly FieldProblem[],
): Promise<{ saved: Saved[]; changeSet: string | null }> {
  return inTransaction(ctx, async (inside) => {
    if (already.length === 0) return write(inside, { source: 'page', why: why || null }, [change])
    const prepared = await prepare(inside, [change])
    const reported = new Set(already.map((problem) => problem.at))
    const rest = (prepared[0]?.problems ?? []).filter((problem) => !reported.has(problem.at))
    const fields = [...already, ...rest]
    if (prepared[0]?.refusal) Permit.for(inside, prepared)
    throw new Problem('Invalid', 'records.invalid', { fields, values: { count: fields.length } })
  })
}

async function create(ctx: AppContext, pages: KindPages, request: PageRequest): Promise<FormView | Redirect> {
  const { kind, base } = pages
  const typed: FormValues = { ...request.form }
  const again = await lookAgain(ctx, pages, undefined, typed, oneOf(typed.act))
  if (again) return again
  const { values, problems, suggestions } = await readFormValues(ctx, kind, typed)
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
  try {
    const { saved } = await attempt(
      ctx,
      oneOf(typed.why),
      { kind: kind.kind, action: 'create', values: given },
      problems,
    )
    return {
      redirect: `${base}/${saved[0]!.code}`,
      notice: { key: 'record.form.created', values: { code: saved[0]!.code } },
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'Invalid') throw error
    return formData(ctx, pages, undefined, typed, oneOf(typed.why), error.fields, suggestions)
  }
}

async function change(ctx: AppContext, pages: KindPages, request: PageRequest): Promise<FormData | Redirect> {
  const { kind, base } = pages
  const record = await editable(ctx, pages, request)
  const links = await linksByName(ctx, kind, record.id)
  let typed: FormValues = { ...request.form }
  const act = oneOf(typed.act)
  const seen = { ...record, version: Number(oneOf(typed.version)) || record.version }
  const again = await lookAgain(ctx, pages, seen, typed, act)
  if (again) return again
  if (act === 'merge') typed = await merged(ctx, kind, record, links, typed)
  const { values, problems, suggestions } = await readFormValues(ctx, kind, typed, record)
  const changed = changesOf(ctx, kind, values, record, links)
  const why = oneOf(typed.why)
  try {
    const { changeSet } = await attempt(
      ctx,
      why,
      { kind: kind.kind, action: 'change', id: record.id, version: seen.version, values: changed },
      problems,
    )
    const key = changeSet ? 'record.form.saved' : 'record.form.unchanged'
    return { redirect: `${base}/${record.code}`, notice: { key, values: { code: record.code } } }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.reason === 'records.stale') return conflictOf(ctx, pages, record, links, typed, values)
    if (error.kind !== 'Invalid') throw error
    return formData(ctx, pages, seen, typed, why, error.fields, suggestions)
  }
}
