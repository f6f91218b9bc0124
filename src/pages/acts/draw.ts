/** How a page of a step for many records is drawn. */
import type { FieldProblem } from '#kernel/problem.ts'
import type { FormField } from '#kernel/projections/fieldset.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { View } from '#kernel/view.ts'
import type { AppContext } from '#platform/page.ts'
import { isId } from '#platform/records/index.ts'
import type { ActData } from '#web/acts/page.tsx'
import type { RecordOption } from '#web/controls/reference.tsx'
import { one } from '../form.ts'
import { presenterOf } from '../presenter.ts'
import { controlsFor, fieldsOf, problemMessages, writingLanguages } from '../record/controls.ts'
import type { FormValues } from '../record/form-values.ts'
import { type Act, kindAsked, maxActed } from './act.ts'
import type { Trial } from './attempt.ts'
import { type ActPageOptions, addressOf, type Chosen, type Found, maxShown, others, type Query } from './options.ts'

/** Everything of the page but the records. */
export async function surroundings(
  ctx: AppContext,
  options: ActPageOptions,
  query: Query,
  acts: readonly Act[],
  act: Act | undefined,
  found: Found | null,
  typed: FormValues,
): Promise<ActData> {
  const { say } = presenterOf(ctx)
  const done = isId(query.done ?? '') ? query.done : undefined
  const back = options.back?.(others(query))
  const [choices, above, notices] = await Promise.all([
    options.choose?.options(ctx),
    options.above?.load(ctx, others(query)),
    options.notices?.(ctx, typed),
  ])
  return {
    title: options.title(say),
    lead: options.lead(say),
    action: addressOf(options, query, act && acts.length > 1 ? { act: act.name } : {}),
    ...(back ? { back: { href: back, label: say('record.act.back') } } : {}),
    acts:
      acts.length > 1 && found
        ? acts.map(({ name, label }) => ({
            label,
            href: addressOf(options, query, { act: name }),
            current: name === act?.name,
          }))
        : [],
    ...(choices
      ? {
          choose: {
            path: options.path,
            name: options.choose!.name,
            label: options.choose!.label(say),
            options: choices,
            value: query[options.choose!.name] ?? '',
          },
        }
      : {}),
    ...(above ? { above: { data: above, view: options.above!.view as (data: unknown, view: View) => unknown } } : {}),
    notices: notices ?? [],
    ...(done
      ? {
          done: {
            changeSet: done,
            count: Number(query.count) || 0,
            ...(back ? {} : { again: addressOf(options, query) }),
          },
        }
      : {}),
    ...(found?.told ? { told: found.told } : {}),
    ...(found && (found.count ?? found.ids.length) > maxActed
      ? { bound: say('record.act.bound', { most: maxActed, count: found.count ?? found.ids.length }) }
      : {}),
    ...(found && found.ids.length === 0 ? { none: options.none?.(say) ?? say('record.act.none') } : {}),
  }
}

type Result = {
  readonly meant: readonly AnyRecord[]
  readonly trial: Trial | null
  readonly problems: readonly FieldProblem[]
  readonly wrongMade: readonly FieldProblem[]
  readonly suggestions: ReadonlyMap<string, readonly RecordOption[]>
  readonly after?: ActData['done']
}

/** The page with its records, its questions and what stands in the way. */
export async function drawn(
  ctx: AppContext,
  { make }: ActPageOptions,
  shown: ActData,
  { act, records, ticked, whole, seen, typed }: Chosen,
  fields: readonly FormField[],
  { meant, trial, problems, wrongMade, suggestions, after }: Result,
): Promise<ActData> {
  const presenter = presenterOf(ctx)
  const { say } = presenter
  const names = await presenter.names(records.slice(0, maxShown).map(({ organisation }) => organisation))
  const shownRecord = (record: AnyRecord) => ({
    id: record.id,
    code: record.code,
    kind: presenter.kind(record.kind),
    state: presenter.state(record.kind, record.state),
    organisation: names(record.organisation),
    ...presenter.named(record),
  })
  const kind = kindAsked(ctx, act, records)
  const wrong = problemMessages(ctx, kind, problems)
  const target = make && act.name.startsWith('links.') ? ctx.registry.kind(make.kind).declaration : undefined
  const wrongTarget = problemMessages(ctx, target ?? kind, target ? wrongMade : [])
  const making = target
    ? fieldsOf(ctx, target, target.states[0]!, true)
        .filter(({ name }) => make!.asks.includes(name))
        .map((field) => ({ ...field, required: false }))
    : []
  const links = Object.fromEntries(
    fields.filter(({ type }) => type === 'link').map(({ name }) => [`rows.${name}`, '1']),
  )
  const refused = new Map(
    (trial?.tried ?? []).flatMap(({ record, obstacles }) =>
      obstacles.length > 0 ? [[record.id, obstacles.join(' ')]] : [],
    ),
  )
  const ready = trial ? trial.tried.length - refused.size : 0
  const kinds = Map.groupBy(meant, (record) => record.kind)
  return {
    ...shown,
    ...(after ? { done: after } : {}),
    form: {
      controls: await controlsFor(
        ctx,
        kind,
        fields.map((field) => (target ? { ...field, required: false } : field)),
        { ...links, ...typed },
        wrong,
        suggestions,
      ),
      making: target
        ? {
            title: say('record.act.make', { kind: say(target.kind) }),
            controls: await controlsFor(ctx, target, making, typed, wrongTarget, suggestions),
          }
        : null,
      publishing:
        act.name === 'publish'
          ? {
              from: String(typed.from ?? ''),
              untranslated: typed.untranslated === undefined || one(typed, 'untranslated') === 'true',
            }
          : null,
      languages: writingLanguages(ctx),
      mistakes: [...wrong.mistakes, ...wrongTarget.mistakes].map((each) =>
        each.field === 'field-records' ? { ...each, field: 'records' } : each,
      ),
      why: one(typed, 'why'),
      // Those that something stands in the way of are named below, and go along in case it is gone next time.
      rows: records
        .slice(0, maxShown)
        .filter(({ id }) => !refused.has(id))
        .map((record) => ({ ...shownRecord(record), ticked: ticked.has(record.id) })),
      along: records
        .slice(0, maxShown)
        .filter(({ id }) => refused.has(id))
        .map(({ id }) => id),
      several:
        new Set(records.map((record) => record.kind)).size > 1
          ? [...kinds].map(([name, group]) => `${group.length} ${presenter.counted(name, group.length)}`).join(' · ')
          : null,
      further: Math.max(0, records.length - maxShown),
      whole,
      seen: records.map(({ id }) => `${id}:${seen.get(id) ?? ''}`).join(' '),
      ready: trial && ready > 0 && !after ? say('record.act.submit', { act: act.label, count: ready }) : null,
      idle: trial !== null && ready === 0,
      left: [...Map.groupBy([...refused], ([, sentence]) => sentence)].map(([sentence, group]) => ({
        sentence,
        count: group.length,
        names: group.slice(0, maxShown).map(([id]) => shownRecord(records.find((record) => record.id === id)!)),
      })),
    },
  }
}
