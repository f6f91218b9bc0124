/** The register of benefits: money and what waits above the whole of it, every benefit with its path and who answers. */
import { sql } from 'kysely'
import { column, filter, type ListCell, list } from '#pages/list/declare.ts'
import { presenterOf } from '#pages/presenter.ts'
import { importPolicy } from '#platform/imports/index.ts'
import type { AppContext } from '#platform/page.ts'
import { moneyAbove } from './pages-money.ts'
import { type BenefitSummary, benefitSummaries } from './pages-summary.ts'
import { currentBenefits } from './queries-register.ts'
import { onPath, toConfirm, toSign } from './queries-standing.ts'
import { benefit } from './records.ts'
import { pathBadges } from './views/parts.tsx'

async function summaries(ctx: AppContext, ids: readonly string[]): Promise<ReadonlyMap<string, BenefitSummary>> {
  const shown = await benefitSummaries(ctx, await currentBenefits(ctx, sql`r.id = any(${[...ids]}::uuid[])`))
  return new Map(shown.map((each) => [each.id, each]))
}

const text = (words: string): ListCell => ({ as: 'text', text: words })
const only = (ctx: AppContext, name: string) => presenterOf(ctx).say(`benefits.register.only.${name}`)

const paths = ['missed', 'late', 'uncertain', 'on-path', 'not-begun', 'none', 'larger', 'expected', 'smaller'] as const
const accountable = sql`case when t."handedOverOn" is null then r.owner else coalesce(t."receivingPost", r.owner) end`

export const register = list(benefit, {
  path: '/benefits',
  title: 'benefits.register.title',
  lead: 'benefits.register.lead',
  columns: [
    column('benefit', {
      label: 'benefits.benefit',
      names: true,
      load: summaries,
      cell: ({ text: name, lang, href, loss, losingGroup, type }, ctx) => {
        const { say } = presenterOf(ctx)
        const badge: ListCell[] = loss
          ? [{ as: 'badge', text: say('benefits.loss'), icon: 'alert', tone: 'concern' }]
          : []
        const below = loss && losingGroup ? say('benefits.loses', { who: losingGroup.text }) : type
        const link: ListCell = { as: 'link', text: name, lang, href }
        return { as: 'lines', lines: [{ as: 'row', parts: [link, ...badge] }, ...(below ? [text(below)] : [])] }
      },
    }),
    'state',
    column('path', {
      label: 'benefits.column.path',
      load: summaries,
      cell: ({ path, pathText, state }, ctx) =>
        state === 'dropped'
          ? text(pathText)
          : { as: 'badge', text: presenterOf(ctx).say(`benefits.path.${path}`), ...pathBadges[path] },
    }),
    column('realized', {
      label: 'benefits.column.realized',
      numeric: true,
      load: summaries,
      cell: ({ realized, course, level, path }) => {
        if (realized === null) return { as: 'nothing' }
        if (course.length < 2) return text(realized)
        const tone = path === 'on-path' ? 'good' : path === 'missed' || path === 'larger' ? 'concern' : 'quiet'
        return { as: 'row', parts: [{ as: 'trend', values: course, target: level, tone }, text(realized)] }
      },
    }),
    column('promised', {
      label: 'benefits.column.promised',
      numeric: true,
      load: summaries,
      cell: ({ promised }) => (promised === null ? { as: 'nothing' } : text(promised)),
    }),
    column('who', {
      label: 'benefits.column.who',
      load: summaries,
      cell: ({ post, organisation }, ctx) => {
        const lines = [post, organisation].flatMap((each): ListCell[] => (each ? [{ as: 'text', ...each }] : []))
        return lines.length > 0 ? { as: 'lines', lines } : text(presenterOf(ctx).say('benefits.nobody'))
      },
    }),
  ],
  further: [
    column('stands', { label: 'benefits.column.stands', load: summaries, cell: ({ pathText }) => text(pathText) }),
    'code',
    'dueOn',
    'plan',
  ],
  filters: [
    'state',
    'benefitType',
    filter('path', {
      label: 'benefits.column.path',
      words: (value) => `benefits.path.${value}`,
      of: paths,
      where: (ctx, value) => onPath(ctx, value.split(',')),
    }),
    'organisation',
    'owner',
    'plan',
    'effect',
    'recurrence',
    'areas',
    'dueOn',
    'startOn',
    'worth',
    'worth.priceYear',
    filter('mine', {
      label: 'benefits.register.only.mine',
      told: (ctx) => only(ctx, 'mine'),
      where: ({ caller }, value) => {
        const bodies = caller.grants.flatMap((grant) => grant.organisations ?? [])
        if (value !== 'true') return null
        return sql`${accountable} = any(${[...caller.posts]}::uuid[]) or r.organisation = any(${bodies}::uuid[])`
      },
    }),
    filter('waiting', {
      label: 'benefits.register.only.sign',
      told: only,
      where: (ctx, value) => (value === 'sign' ? toSign(ctx) : value === 'confirm' ? toConfirm(ctx) : null),
    }),
  ],
  sorts: ['code', 'title', 'dueOn'],
  groups: ['state', 'benefitType', 'organisation', 'plan'],
  board: 'state',
  calendar: 'dueOn',
  saved: [
    { name: 'mine', query: { mine: 'true' } },
    { name: 'losses', query: { effect: 'loss' } },
    { name: 'missed', query: { path: 'missed,larger' } },
  ],
  inside: ['mine', 'waiting', 'owner'],
  links: [
    { label: 'benefits.framework.title', href: '/benefits/framework' },
    { label: 'benefits.bring.link', href: '/import', policy: importPolicy },
  ],
  create: '?effect=gain',
  above: moneyAbove,
  formerly: { type: 'benefitType' },
})
