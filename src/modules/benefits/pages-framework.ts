/** The benefits framework: the version in force in full, its drafts and earlier versions; begun from our text, adopted here. */
import { notFound } from '#kernel/problem.ts'
import { findCity } from '#modules/directory'
import { lastField, type Mistakes, mistakesIn, one } from '#pages/form.ts'
import { may, maySome } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { todayOf } from '#platform/app.ts'
import { type AppContext, page } from '#platform/page.ts'
import { addMonths } from '#values/period.ts'
import { adoptFramework, startFramework } from './actions.ts'
import { frameworkInForce, frameworkVersions, startingThresholds } from './queries-framework.ts'
import { framework } from './records.ts'
import { type FrameworkData, frameworkView } from './views/framework.tsx'

const parts = ['purpose', 'roles', 'categories', 'measuring', 'rhythm'] as const

async function frameworkData(
  ctx: AppContext,
  mistakes: Mistakes = {},
  given: Record<string, string> = {},
): Promise<FrameworkData> {
  const { say, text, named, day, fieldLabel, state } = presenterOf(ctx)
  const [inForce, versions] = await Promise.all([frameworkInForce(ctx), frameworkVersions(ctx)])
  const numbers = inForce ?? startingThresholds
  return {
    inForce: inForce
      ? {
          ...named(inForce),
          adopted: say('benefits.framework.adopted', {
            version: inForce.versionLabel ?? '',
            day: inForce.adoptedOn ? day(inForce.adoptedOn) : '',
            review: inForce.reviewOn ? day(inForce.reviewOn) : '',
          }),
          overdue: inForce.reviewOn !== null && inForce.reviewOn < todayOf(ctx),
          parts: parts.flatMap((name) => {
            const part = inForce[name]
            return part ? [{ title: fieldLabel(framework.kind, name), ...text(part) }] : []
          }),
        }
      : null,
    numbers: (['reviewEveryMonths', 'missedBelowPercent', 'escalateAfterDays', 'trackMonths'] as const).map((name) => ({
      term: fieldLabel(framework.kind, name),
      value: String(numbers[name] ?? startingThresholds[name]),
    })),
    versions: versions
      .filter((each) => each.id !== inForce?.id)
      .map((each) => ({
        ...named(each),
        label: say('benefits.framework.version', { version: each.versionLabel ?? '' }),
        state: each.state as 'draft' | 'adopted' | 'replaced',
        stateText: state(framework.kind, each.state),
        adopt: each.state === 'draft' && may(ctx, 'adopt', each) ? each.code : null,
      })),
    mayStart: maySome(ctx, 'create', framework.kind),
    given: { adoptedOn: todayOf(ctx), reviewOn: addMonths(todayOf(ctx), 12), ...given },
    mistakes,
  }
}

export const frameworkPage = page<FrameworkData>({
  path: '/benefits/framework',
  policy: 'anyone',
  section: 'results',
  cache: true,
  load: (ctx) => frameworkData(ctx),
  post: async (ctx, { form }) => {
    const { say, href } = presenterOf(ctx)
    if (one(form, 'do') === 'start') {
      const city = await findCity(ctx.db)
      const code = await startFramework(ctx, city?.organisation ?? null)
      return { redirect: `${href(framework.kind, code)}/edit`, notice: { key: 'benefits.framework.started' } }
    }
    const draft = (await frameworkVersions(ctx)).find(
      (each) => each.code === one(form, 'code') && each.state === 'draft',
    )
    if (!draft) throw notFound(one(form, 'code'))
    const days = { adoptedOn: one(form, 'adoptedOn'), reviewOn: one(form, 'reviewOn') }
    const mistakes = await mistakesIn(
      () => adoptFramework(ctx, draft, days, one(form, 'why') || null),
      say,
      lastField('adoptedOn'),
    )
    if (mistakes) return frameworkData(ctx, mistakes, { ...days, code: draft.code })
    return { redirect: '/benefits/framework', notice: { key: 'benefits.framework.now-adopted' } }
  },
  title: (_data, { say }) => say('benefits.framework.title'),
  trail: (_data, { say }) => [{ label: say('benefits.register.title'), href: '/benefits' }],
  view: frameworkView,
})
