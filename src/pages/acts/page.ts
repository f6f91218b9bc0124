/**
 * A page on which one step is taken for many records: it shows them, asks once what the step needs, says of each record
 * what would happen or what stands in the way, and then does it in one change set that can be undone.
 */
import { isDay } from '#kernel/day.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import { inTransaction } from '#platform/app.ts'
import { type AppContext, type PageAnswer, type PageDefinition, type PageRequest, page } from '#platform/page.ts'
import { getMany, isId, read, undo } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { startOfDay } from '#values/moment.ts'
import { type ActData, ActPage } from '#web/acts/page.tsx'
import { many, one } from '../form.ts'
import type { FormValues } from '../record/form-values.ts'
import { actsOffered, fieldsAsked, maxActed } from './act.ts'
import { understood } from './answers.ts'
import { type Asked, type Trial, takeAct, tryAct } from './attempt.ts'
import { drawn, surroundings } from './draw.ts'
import { type ActPageOptions, addressOf, type Chosen, maxShown, others, type Query } from './options.ts'

export type { ActPageOptions, Found } from './options.ts'

export const actPage = (options: ActPageOptions): PageDefinition =>
  page<ActData>({
    path: options.path,
    policy: options.policy,
    ...(options.section ? { section: options.section } : {}),
    load: (ctx, request) => begin(ctx, options, request),
    post: (ctx, request) => answer(ctx, options, request),
    title: (data) => data.title,
    ...(options.back ? { trail: (data: ActData) => (data.back ? [data.back] : []) } : {}),
    view: (data, view) => ActPage(data, view),
  })

async function recordsOf(ctx: AppContext, kinds: readonly string[], ids: readonly string[]): Promise<AnyRecord[]> {
  const found = await read(ctx, kinds)
    .in({ id: [...ids] })
    .pick('id', 'kind')
    .rows()
  const groups = Map.groupBy(found, ({ kind }) => kind)
  const byId = new Map<string, AnyRecord>()
  for (const [kind, group] of groups) {
    const records = await getMany(
      ctx,
      ctx.registry.kind(kind).declaration,
      group.map(({ id }) => id),
    )
    for (const [id, record] of records) byId.set(id, record as AnyRecord)
  }
  return ids.flatMap((id) => byId.get(id) ?? [])
}

async function begin(ctx: AppContext, options: ActPageOptions, { query }: PageRequest): Promise<ActData> {
  const kinds = options.kinds(ctx)
  const acts = actsOffered(ctx, kinds, options.acts(ctx))
  const act = acts.find(({ name }) => name === query.act) ?? (acts.length === 1 ? acts[0] : undefined)
  const found = isId(query.done ?? '') ? null : await options.found(ctx, others(query))
  const shown = await surroundings(ctx, options, query, acts, act, found, {})
  if (!found || !act || found.ids.length === 0) return shown
  const records = await recordsOf(ctx, kinds, found.ids.slice(0, maxActed))
  const seen = new Map(records.map(({ id, version }) => [id, version]))
  const chosen: Chosen = { act, records, ticked: new Set(found.ids), whole: true, seen, typed: {} }
  return tried(ctx, options, query, shown, chosen)
}

async function answer(
  ctx: AppContext,
  options: ActPageOptions,
  { query, form }: PageRequest,
): Promise<PageAnswer<ActData>> {
  const undoing = one(form, 'undo')
  if (isId(undoing)) {
    const { undone } = await inTransaction(ctx, (inside) => undo(inside, undoing, { mode: 'possible', source: 'page' }))
    const redirect = options.back?.(others(query)) ?? addressOf(options, query)
    return { redirect, notice: { key: 'record.act.undone', values: { count: undone } } }
  }
  const kinds = options.kinds(ctx)
  const acts = actsOffered(ctx, kinds, options.acts(ctx))
  const act =
    acts.find(({ name }) => name === (one(form, 'act') || query.act)) ?? (acts.length === 1 ? acts[0] : undefined)
  if (!act) return { redirect: addressOf(options, query) }
  const typed: FormValues = { ...form }
  const seen = seenIn(one(form, 'seen'))
  const ticked = new Set(many(form, 'records').filter(isId))
  const ids = [...(seen.size > 0 ? seen.keys() : ticked)].slice(0, maxActed)
  const records = await recordsOf(ctx, kinds, ids)
  const versions = seen.size > 0 ? seen : new Map(records.map(({ id, version }) => [id, version]))
  const chosen: Chosen = { act, records, ticked, whole: one(form, 'whole') === 'true', seen: versions, typed }
  const asked: Query = acts.length > 1 ? { ...query, act: act.name } : query
  const back = options.back?.(others(query))
  if (ids.length === 0 && back) return { redirect: back, notice: { key: 'problem.record.act.nobody-chosen' } }
  const shown = await surroundings(ctx, options, asked, acts, act, { ids }, typed)
  return (one(form, 'step') === 'do' ? done : tried)(ctx, options, asked, shown, chosen)
}

/** `id:version`, one after another. */
const seenIn = (text: string): Map<string, number> =>
  new Map(
    text.split(' ').flatMap((pair) => {
      const [id = '', version] = pair.split(':')
      return isId(id) && Number.isInteger(Number(version)) ? [[id, Number(version)]] : []
    }),
  )

/** What is asked for, and how the page is drawn with what came of it. `wrong`: it lacks something, so nothing is tried. */
async function asking(ctx: AppContext, options: ActPageOptions, query: Query, shown: ActData, chosen: Chosen) {
  const { act, records, ticked, whole, typed } = chosen
  const fields = fieldsAsked(ctx, act, records)
  const meant = records.filter(({ id }, index) => (index < maxShown ? ticked.has(id) : whole))
  const day = act.name === 'publish' ? one(typed, 'from') : ''
  const dayProblem = day && !isDay(day) ? 'field.not-a-day' : day && day < todayOf(ctx) ? 'record.act.past' : undefined
  // A page that has only just been opened says nothing of what is missing.
  const opened = Object.keys(typed).every((name) => ['act', 'records'].includes(name))
  const { given, made, problems, wrongMade, suggestions } = await understood(ctx, options, query, chosen, fields)
  const wrong = [
    ...problems,
    ...(meant.length === 0 ? [{ at: '/records', code: 'record.act.nobody-chosen' }] : []),
    ...(dayProblem ? [{ at: '/from', code: dayProblem }] : []),
  ]
  const draw = (trial: Trial | null, ofMade: readonly FieldProblem[], after?: ActData['done']) =>
    drawn(ctx, options, shown, chosen, fields, {
      meant,
      trial,
      suggestions,
      problems: opened ? [] : wrong,
      wrongMade: ofMade,
      ...(after ? { after } : {}),
    })
  const asked: Asked = {
    act,
    records: meant,
    seen: chosen.seen,
    given,
    ...(made ? { made } : {}),
    untranslated: typed.untranslated === undefined || one(typed, 'untranslated') === 'true',
    ...(day > todayOf(ctx) ? { publicFrom: startOfDay(day, ctx.city.timeZone) } : {}),
  }
  return { asked, draw, wrongMade, wrong: wrong.length + wrongMade.length > 0 }
}

/** Shows what would happen. What lacks an answer is asked first. */
async function tried(ctx: AppContext, options: ActPageOptions, query: Query, shown: ActData, chosen: Chosen) {
  const { asked, draw, wrong, wrongMade } = await asking(ctx, options, query, shown, chosen)
  if (wrong) return draw(null, wrongMade)
  const trial = await inTransaction(ctx, (inside) => tryAct(ctx, inside, asked))
  return draw(trial, trial.wrong)
}

/** Does it, unless something is wrong. */
async function done(
  ctx: AppContext,
  options: ActPageOptions,
  query: Query,
  shown: ActData,
  chosen: Chosen,
): Promise<PageAnswer<ActData>> {
  const { act, typed } = chosen
  const { asked, draw, wrong, wrongMade } = await asking(ctx, options, query, shown, chosen)
  if (wrong) return draw(null, wrongMade)
  const { trial, taken } = await inTransaction(ctx, async (inside) => {
    const result = await tryAct(ctx, inside, asked)
    const take = result.wrong.length === 0
    return { trial: result, taken: take ? await takeAct(inside, asked, result, one(typed, 'why') || null) : null }
  })
  if (!taken) return draw(trial, trial.wrong)
  const left = trial.tried.length - taken.count
  if (left > 0) return draw(trial, [], { changeSet: taken.changeSet ?? '', count: taken.count, left })
  return {
    redirect: addressOf(options, query, {
      ...(query.act ? { act: act.name } : {}),
      done: taken.changeSet ?? '',
      count: String(taken.count),
    }),
    notice: { key: 'record.act.done', values: { count: taken.count, act: act.label } },
  }
}
