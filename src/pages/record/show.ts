/** The page of one record, and the actions it offers. */
import type { FieldProblem } from '#kernel/problem.ts'
import { conflict, notAllowed, notFound, Problem } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { View } from '#kernel/view.ts'
import { inTransaction } from '#platform/app.ts'
import { type AppContext, type PageDefinition, type PageRequest, page, type Redirect } from '#platform/page.ts'
import { historyOf, obstaclesTo, waitingPublications, withdraw } from '#platform/records/index.ts'
import { type ActionView, GonePage, type GoneView, RecordPage, type RecordPageView } from '#web/record-pages/show.tsx'
import { oneOf } from '../form.ts'
import { may } from '../permission.ts'
import { presenterOf } from '../presenter.ts'
import { controlsFor, problemMessages, writingLanguages } from './controls.ts'
import { describeRecord } from './describe-record.ts'
import { attempt, linksByName } from './form.ts'
import { type FormValues, formValuesOf, readFormValues } from './form-values.ts'
import { type KindPages, recordAt, trailOf } from './kind-pages.ts'
import { asksForLinks, formFieldsOfVerb, sentNames } from './verb.ts'
import { peopleOf } from './who.ts'

type ShowData = RecordPageView | GoneView

export const showPage = (pages: KindPages): PageDefinition =>
  page<ShowData>({
    path: `${pages.base}/:key`,
    policy: 'anyone',
    ...(pages.section ? { section: pages.section } : {}),
    cache: true,
    load: async (ctx, request) => showData(ctx, pages, await recordAt(ctx, pages, request.params.key ?? ''), request),
    post: (ctx, request) => act(ctx, pages, request),
    title: (data) => (data.page === 'show' ? data.record.title.text : data.title.text),
    trail: trailOf(pages),
    view: (data, view: View) => (data.page === 'show' ? RecordPage(data, view) : GonePage(data, view)),
  })

type Attempted = { readonly act: string; readonly typed: FormValues; readonly problems: readonly FieldProblem[] }

async function showData(
  ctx: AppContext,
  pages: KindPages,
  record: AnyRecord,
  request: PageRequest,
  attempted?: Attempted,
): Promise<ShowData> {
  if (record.retiredAt) return goneData(ctx, pages, record, attempted)
  const { kind, base } = pages
  const presenter = presenterOf(ctx)
  const address = `${base}/${record.code}`
  const [shown, acts, waiting] = await Promise.all([
    describeRecord(ctx, pages, record, request.query),
    actsFor(ctx, pages, record, attempted, request.query.do),
    presenter.signedIn ? waitingPublications(ctx, record.id) : [],
  ])
  return {
    page: 'show',
    record: shown,
    action: address,
    version: record.version,
    acts,
    ...(may(ctx, 'change', record) ? { edit: `${address}/edit` } : {}),
    ...(record.audience !== 'public' && may(ctx, 'publish', record) ? { publish: `${address}/publish` } : {}),
    ...(presenter.signedIn ? { history: `${address}/history` } : {}),
    ...(waiting[0]
      ? { waiting: { when: presenter.instant(waiting[0].publicFrom), overtaken: waiting[0].overtaken } }
      : {}),
    mistakes: attempted ? problemMessages(ctx, kind, attempted.problems, attempted.act).mistakes : [],
    languages: writingLanguages(ctx),
  }
}

/** Verbs possible in this state for this caller, then withdrawing and retiring. */
async function actsFor(
  ctx: AppContext,
  pages: KindPages,
  record: AnyRecord,
  attempted: Attempted | undefined,
  /** The step that the address asks for. */
  chosen: string | undefined,
): Promise<ActionView[]> {
  const { kind, known } = pages
  const presenter = presenterOf(ctx)
  const acts: ActionView[] = []
  for (const verb of known.verbs) {
    if (!verb.from.includes(record.state) || !may(ctx, verb.name, record)) continue
    const tried = attempted?.act === verb.name ? attempted : undefined
    const wrong = problemMessages(ctx, kind, tried?.problems ?? [], verb.name)
    // A problem may name a field that already has a value, but an unsuitable one.
    const fields = formFieldsOfVerb(ctx, kind, record, verb, wrong.byField.keys())
    const links = asksForLinks(verb) ? await linksByName(ctx, kind, record.id) : {}
    const typed = { ...formValuesOf(ctx, kind, record, links), ...tried?.typed }
    const obstacles = tried ? [] : await obstaclesTo(ctx, record, verb)
    acts.push({
      name: verb.name,
      label: presenter.verb(kind.kind, verb.name, verb.to),
      lead: presenter.say('record.show.act-lead', { state: presenter.state(kind.kind, verb.to) }),
      controls: await controlsFor(ctx, kind, fields, typed, wrong),
      obstacles: problemMessages(ctx, kind, obstacles).mistakes.map(({ text }) => text),
      open: tried !== undefined || chosen === verb.name,
    })
  }
  const plain = (name: string, grave: boolean): ActionView => ({
    name,
    label: presenter.say(`record.verb.${name}`),
    lead: presenter.say(`record.show.${name}-lead`),
    ...(grave ? { grave } : {}),
    controls: [],
    obstacles: [],
    open: attempted?.act === name || chosen === name,
  })
  if (record.audience === 'public' && may(ctx, 'publish', record)) acts.push(plain('withdraw', true))
  if (may(ctx, 'retire', record)) acts.push(plain('retire', true))
  return acts
}

async function goneData(
  ctx: AppContext,
  pages: KindPages,
  record: AnyRecord,
  attempted: Attempted | undefined,
): Promise<GoneView> {
  const presenter = presenterOf(ctx)
  const address = `${pages.base}/${record.code}`
  const [last] = presenter.signedIn ? await historyOf(ctx, record.id, { limit: 1 }) : []
  const people = last ? await peopleOf(ctx, [last]) : undefined
  return {
    page: 'gone',
    kind: pages.kind.kind,
    code: record.code,
    title: presenter.text(record.title),
    when: { at: record.retiredAt!, text: presenter.instant(record.retiredAt!) },
    ...(last && people ? { who: people.who(last), ...(last.why ? { why: last.why } : {}) } : {}),
    action: address,
    list: pages.base,
    restore: may(ctx, 'retire', record),
    ...(presenter.signedIn ? { history: `${address}/history` } : {}),
    mistakes: attempted ? problemMessages(ctx, pages.kind, attempted.problems).mistakes : [],
  }
}

/** Does what the form asks for: a verb, retire, restore or withdraw. Everything else about a record is an edit. */
async function act(ctx: AppContext, pages: KindPages, request: PageRequest): Promise<ShowData | Redirect> {
  const { kind, base, known } = pages
  const record = await recordAt(ctx, pages, request.params.key ?? '')
  const typed: FormValues = { ...request.form }
  const name = oneOf(typed.do)
  const why = oneOf(typed.why)
  const version = Number(oneOf(typed.version)) || undefined
  const presenter = presenterOf(ctx)
  const verb = known.verbs.find((each) => each.name === name)
  if (!verb && !['retire', 'restore', 'withdraw'].includes(name)) throw notFound(name)
  const permission = name === 'restore' ? 'retire' : name === 'withdraw' ? 'publish' : name
  if (!may(ctx, permission, record)) throw notAllowed('identity.not-allowed', { action: name, kind: kind.kind })
  if (name === 'restore' && !record.retiredAt)
    throw conflict('records.wrong-state', {}, { verb: name, state: record.state })
  const target = { kind: kind.kind, id: record.id, ...(version === undefined ? {} : { version }) }
  const back = (key: string): Redirect => ({
    redirect: `${base}/${record.code}`,
    notice: { key, values: { code: record.code, ...(verb ? { state: presenter.state(kind.kind, verb.to) } : {}) } },
  })
  try {
    if (name === 'withdraw') {
      await inTransaction(ctx, (inside) => withdraw(inside, { source: 'page', why: why || null }, [target]))
      return back('record.show.withdrawn')
    }
    const names = verb ? sentNames(kind, typed) : []
    const { values, problems } = await readFormValues(ctx, kind, typed, record, names)
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
    await attempt(
      ctx,
      why,
      { ...target, action: name, ...(Object.keys(given).length > 0 ? { values: given } : {}) },
      problems,
    )
    return back(verb ? 'record.show.moved' : name === 'retire' ? 'record.show.retired' : 'record.show.restored')
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'Invalid') throw error
    return showData(ctx, pages, record, request, { act: name, typed, problems: error.fields })
  }
}
