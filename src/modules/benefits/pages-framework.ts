/** The benefits framework: the version in force in full, its drafts and earlier versions; begun from our text, adopted here. */
import { notFound, Problem } from '#kernel/problem.ts'
import { findCity } from '#modules/directory'
import { textIn } from '#modules/strategy'
import { todayOf } from '#platform/app.ts'
import { isSignedIn } from '#platform/caller.ts'
import { type AppContext, page } from '#platform/page.ts'
import type { RecordRow } from '#platform/policy.ts'
import { addMonths } from '#values/period.ts'
import { adoptFramework, startFramework } from './actions.ts'
import { type Framework, frameworkInForce, frameworkVersions, startingThresholds } from './queries-framework.ts'
import { dayText, sayOf } from './queries-shown.ts'
import { framework } from './records.ts'
import { type FrameworkData, frameworkView } from './views/framework.tsx'

const parts = ['purpose', 'roles', 'categories', 'measuring', 'rhythm'] as const
const hrefOf = (code: string) => `/benefits/frameworks/${code}`

async function frameworkData(
  ctx: AppContext,
  mistakes: Record<string, string> = {},
  given: Record<string, string> = {},
): Promise<FrameworkData> {
  const say = sayOf(ctx)
  const [inForce, versions] = await Promise.all([frameworkInForce(ctx), frameworkVersions(ctx)])
  const may = (action: string, record: Framework) =>
    isSignedIn(ctx.caller) && ctx.policies.can(ctx.caller, action, record as unknown as RecordRow)
  const numbers = inForce ?? startingThresholds
  return {
    inForce: inForce
      ? {
          ...textIn(ctx, inForce.title),
          href: hrefOf(inForce.code),
          adopted: say('benefits.framework.adopted', {
            version: inForce.versionLabel ?? '',
            day: inForce.adoptedOn ? dayText(ctx, inForce.adoptedOn) : '',
            review: inForce.reviewOn ? dayText(ctx, inForce.reviewOn) : '',
          }),
          overdue: inForce.reviewOn !== null && inForce.reviewOn < todayOf(ctx),
          parts: parts.flatMap((name) => {
            const text = inForce[name]
            return text ? [{ title: say(`benefits.framework.field.${name}`), ...textIn(ctx, text) }] : []
          }),
        }
      : null,
    numbers: (['reviewEveryMonths', 'missedBelowPercent', 'escalateAfterDays', 'trackMonths'] as const).map((name) => ({
      term: say(`benefits.framework.field.${name}`),
      value: String(numbers[name] ?? startingThresholds[name]),
    })),
    versions: versions
      .filter((each) => each.id !== inForce?.id)
      .map((each) => ({
        ...textIn(ctx, each.title),
        href: hrefOf(each.code),
        label: say('benefits.framework.version', { version: each.versionLabel ?? '' }),
        state: each.state as 'draft' | 'adopted' | 'replaced',
        stateText: say(`benefits.framework.state.${each.state}`),
        adopt: each.state === 'draft' && may('adopt', each) ? each.code : null,
      })),
    mayStart: isSignedIn(ctx.caller) && ctx.policies.canSome(ctx.caller, 'create', framework.kind),
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
    const one = (name: string) => String(form[name] ?? '').trim()
    if (one('do') === 'start') {
      const city = await findCity(ctx.db)
      const code = await startFramework(ctx, city?.organisation ?? null)
      return { redirect: `${hrefOf(code)}/edit`, notice: { key: 'benefits.framework.started' } }
    }
    const draft = (await frameworkVersions(ctx)).find((each) => each.code === one('code') && each.state === 'draft')
    if (!draft) throw notFound(one('code'))
    const days = { adoptedOn: one('adoptedOn'), reviewOn: one('reviewOn') }
    try {
      await adoptFramework(ctx, draft, days, one('why') || null)
      return { redirect: '/benefits/framework', notice: { key: 'benefits.framework.now-adopted' } }
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'Invalid') throw error
      const say = sayOf(ctx)
      const mistakes = Object.fromEntries(
        error.fields.map(({ at, code, values }) => [
          at.split('/').at(-1) || 'adoptedOn',
          say(`problem.${code}`, values),
        ]),
      )
      return frameworkData(ctx, mistakes, { ...days, code: draft.code })
    }
  },
  title: (_data, { say }) => say('benefits.framework.title'),
  trail: (_data, { say }) => [{ label: say('benefits.register.title'), href: '/benefits' }],
  view: frameworkView,
})
