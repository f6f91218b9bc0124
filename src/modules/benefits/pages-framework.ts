/** The benefits framework: the version in force in full, its drafts and earlier versions; begun from our text. */
import { findCity } from '#modules/directory'
import { may, maySome } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { type AppContext, page } from '#platform/page.ts'
import { todayOf } from '#platform/today.ts'
import { startFramework } from './actions.ts'
import { frameworkInForce, frameworkVersions, startingThresholds } from './queries-framework.ts'
import { framework } from './records.ts'
import { type FrameworkData, frameworkView } from './views/framework.tsx'

const parts = ['purpose', 'roles', 'categories', 'measuring', 'rhythm'] as const

async function frameworkData(ctx: AppContext): Promise<FrameworkData> {
  const { say, text, named, day, fieldLabel, state, href } = presenterOf(ctx)
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
        adopt: each.state === 'draft' && may(ctx, 'adopt', each) ? href(framework.kind, each.code, 'adopt') : null,
      })),
    mayStart: maySome(ctx, 'create', framework.kind),
  }
}

export const frameworkPage = page<FrameworkData>({
  path: '/benefits/framework',
  policy: 'anyone',
  section: 'results',
  cache: true,
  load: (ctx) => frameworkData(ctx),
  post: async (ctx) => {
    const city = await findCity(ctx.db)
    const code = await startFramework(ctx, city?.organisation ?? null)
    return {
      redirect: `${presenterOf(ctx).href(framework.kind, code)}/edit`,
      notice: { key: 'benefits.framework.started' },
    }
  },
  title: (_data, { say }) => say('benefits.framework.title'),
  trail: (_data, { say }) => [{ label: say('benefits.register.title'), href: '/benefits' }],
  view: frameworkView,
})
