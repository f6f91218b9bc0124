/** Publishing with a preview: the record as the public would see it, and what is still missing. */
import { isDay } from '#kernel/day.ts'
import { type FieldProblem, notAllowed, Problem } from '#kernel/problem.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import { inTransaction } from '#platform/app.ts'
import { nobody } from '#platform/caller.ts'
import { type AppContext, type PageDefinition, type PageRequest, page, type Redirect } from '#platform/page.ts'
import { asIfPublic } from '#platform/policy.ts'
import { linksOf, publish } from '#platform/records/index.ts'
import { startOfDay } from '#values/moment.ts'
import { PublishPage, type PublishView } from '#web/record-pages/publish.tsx'
import { oneOf } from '../form.ts'
import { may } from '../permission.ts'
import { presenterOf } from '../presenter.ts'
import { problemMessages, writingLanguages } from './controls.ts'
import { describeRecord } from './describe-record.ts'
import { type FormValues, languagesOf } from './form-values.ts'
import { type KindPages, recordAt, trailBelow } from './kind-pages.ts'

export const publishPage = (pages: KindPages): PageDefinition =>
  page<PublishView>({
    path: `${pages.base}/:key/publish`,
    policy: { can: 'publish', kind: pages.kind.kind },
    ...(pages.section ? { section: pages.section } : {}),
    load: async (ctx, request) => publishData(ctx, pages, await publishable(ctx, pages, request), request, {}),
    post: (ctx, request) => carryOut(ctx, pages, request),
    title: (data, { say }) => say('record.publish.title', { title: data.record.title.text }),
    trail: (data, view) => trailBelow(pages, data.record)(view),
    view: PublishPage,
  })

/** @throws NotFound, Gone, NotAllowed */
async function publishable(ctx: AppContext, pages: KindPages, request: PageRequest): Promise<AnyRecord> {
  const record = await recordAt(ctx, pages, request.params.key ?? '')
  if (record.retiredAt) throw new Problem('Gone', 'records.retired', { values: { code: record.code } })
  if (!may(ctx, 'publish', record)) throw notAllowed('identity.not-allowed', { action: 'publish', kind: record.kind })
  return record
}

/** Texts that are missing in a language the city writes in. */
function untranslated(ctx: AppContext, kind: RecordKind, record: AnyRecord): PublishView['untranslated'] {
  const presenter = presenterOf(ctx)
  const texts = Object.entries(kind.fields)
    .filter(([, field]) => field.localized)
    .map(([name]) => [name, record[name]] as const)
  const all = kind.title.localized ? [['title', record.title] as const, ...texts] : texts
  return writingLanguages(ctx).flatMap(({ tag, name }) => {
    const missing = all.filter(([, value]) => value && !(value as Record<string, string>)[tag])
    return missing.length > 0
      ? [{ language: name, lang: tag, fields: missing.map(([field]) => presenter.fieldLabel(kind.kind, field)) }]
      : []
  })
}

async function publishData(
  ctx: AppContext,
  pages: KindPages,
  record: AnyRecord,
  request: PageRequest,
  typed: FormValues,
  problems: readonly FieldProblem[] = [],
): Promise<PublishView> {
  const { kind, base } = pages
  const asPublic = { ...ctx, caller: { ...nobody }, policies: asIfPublic(ctx.policies, record.id) }
  const [shown, mine, theirs] = await Promise.all([
    describeRecord(asPublic, pages, { ...record, audience: 'public' }, request.query),
    linksOf(ctx, [record.id]),
    linksOf(asPublic, [record.id]),
  ])
  const hidden = (mine.get(record.id)?.length ?? 0) - (theirs.get(record.id)?.length ?? 0)
  const several = languagesOf(ctx).length > 1
  return {
    record: shown,
    action: `${base}/${record.code}/publish`,
    cancel: `${base}/${record.code}`,
    version: record.version,
    isPublic: record.audience === 'public',
    hiddenLinks: Math.max(0, hidden),
    untranslated: several ? untranslated(ctx, kind, record) : [],
    from: oneOf(typed.from),
    why: oneOf(typed.why),
    mistakes: problems.length > 0 ? problemMessages(ctx, kind, problems, 'publish').mistakes : [],
  }
}

async function carryOut(ctx: AppContext, pages: KindPages, request: PageRequest): Promise<PublishView | Redirect> {
  const { kind, base } = pages
  const record = await publishable(ctx, pages, request)
  const typed: FormValues = { ...request.form }
  const day = oneOf(typed.from).trim()
  const again = (problems: readonly FieldProblem[]) => publishData(ctx, pages, record, request, typed, problems)
  if (day && !isDay(day)) return again([{ at: '/from', code: 'field.not-a-day' }])
  const version = Number(oneOf(typed.version)) || record.version
  try {
    const [done] = await inTransaction(ctx, (inside) =>
      publish(
        inside,
        { source: 'page', why: oneOf(typed.why) || null },
        [{ kind: kind.kind, id: record.id, version }],
        day ? startOfDay(day, ctx.city.timeZone) : undefined,
      ),
    )
    const presenter = presenterOf(ctx)
    return {
      redirect: `${base}/${record.code}`,
      notice: done!.done
        ? { key: 'record.publish.done', values: { code: record.code } }
        : { key: 'record.publish.planned', values: { code: record.code, when: presenter.day(day) } },
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'Invalid') throw error
    return again(error.fields)
  }
}
