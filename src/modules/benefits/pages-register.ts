/**
 * The register: all benefits that the reader may see, filtered by the address, with promised and realized totals above.
 */

import { stepsOf } from '#pages/findings/index.ts'
import { maySome } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { mayImport } from '#platform/imports/index.ts'
import { type AppContext, page } from '#platform/page.ts'
import type { Decimal } from '#values/decimal.ts'
import { findings } from './findings.ts'
import { benefitSummaries } from './pages-summary.ts'
import { currentFindings, type Findings } from './queries-findings.ts'
import { type CurrentBenefit, maxBenefits, moneyOf } from './queries-register.ts'
import { awaitingConfirmation, awaitingSignature } from './queries-work.ts'
import { benefit, benefitTypes } from './records.ts'
import { type MoneyLine, totalsOf } from './rules-money.ts'
import { type LineView, type RegisterData, registerView } from './views/register.tsx'

/** Benefits whose claim overlaps with another, unsettled. */
const overlappingIn = ({ all }: Pick<Findings, 'all'>): Set<string> =>
  new Set(all.filter((each) => each.finding === 'double-claim').flatMap((each) => [each.record, ...each.with]))

function lineShown(ctx: AppContext, line: MoneyLine): LineView {
  const { say, choice, money } = presenterOf(ctx)
  const write = (amount: Decimal) => money(amount, line.currency)
  const known = (value: Decimal | null) => (value === null ? say('benefits.money.unknown') : write(value))
  const notes = [
    ...(line.mixed ? [say('benefits.money.mixed')] : []),
    ...(line.overlapping > 0 ? [say('benefits.money.overlapping', { count: line.overlapping })] : []),
    ...(line.runningCost !== null ? [say('benefits.money.running', { amount: write(line.runningCost) })] : []),
  ]
  return {
    name: choice(benefit.kind, 'benefitType', line.benefitType),
    prices: [
      say('benefits.money.count', { count: line.count }),
      ...(line.priceBaseYear === null ? [] : [say('benefits.money.year', { year: String(line.priceBaseYear) })]),
    ].join(' · '),
    promised: write(line.promised),
    promisedSoFar: write(line.promisedSoFar),
    realized: known(line.realized),
    validated: known(line.validated),
    cashed: line.cashed === null ? say('benefits.money.not-cash') : write(line.cashed),
    forecast: known(line.forecast),
    note: notes.length > 0 ? notes.join(' · ') : null,
  }
}

const paths = ['missed', 'late', 'uncertain', 'on-path', 'not-begun', 'none', 'larger', 'expected', 'smaller'] as const

type Filters = Readonly<Record<string, string>>

/** The address's filters, applied to benefits already read. */
function narrowed(ctx: AppContext, all: readonly CurrentBenefit[], filters: Filters): CurrentBenefit[] {
  const words = (filters.q ?? '').trim().toLocaleLowerCase(ctx.language)
  const said = ({ record }: CurrentBenefit) =>
    [record.code, ...Object.values(record.title)].join(' ').toLocaleLowerCase(ctx.language)
  const bodies = new Set(ctx.caller.grants.flatMap((grant) => grant.organisations ?? []))
  const waiting =
    filters.waiting === 'sign'
      ? awaitingSignature(ctx, all)
      : filters.waiting === 'confirm'
        ? awaitingConfirmation(ctx, all)
        : all
  return waiting.filter(
    (now) =>
      (!filters.state || now.record.state === filters.state) &&
      (!filters.type || now.record.benefitType === filters.type) &&
      (!filters.path || now.status.state === filters.path) &&
      (filters.mine !== 'true' ||
        (now.accountable !== null && ctx.caller.posts.includes(now.accountable)) ||
        bodies.has(now.record.organisation ?? '')) &&
      (words === '' || said(now).includes(words)),
  )
}

const filterNames = ['q', 'state', 'type', 'path', 'mine', 'waiting'] as const

export const registerPage = page<RegisterData>({
  path: '/benefits',
  policy: 'anyone',
  section: 'results',
  cache: true,
  load: async (ctx, { query }) => {
    const { say, choices, state, fieldLabel, signedIn } = presenterOf(ctx)
    const filters: Filters = Object.fromEntries(
      filterNames.flatMap((name) => (query[name] ? [[name, query[name]!.slice(0, 100)]] : [])),
    )
    const found = await currentFindings(ctx)
    const overlapping = overlappingIn(found)
    const totals = totalsOf(found.benefits.flatMap((now) => moneyOf(now, overlapping) ?? []))
    const rows = narrowed(ctx, found.benefits, filters)
    const losses = found.benefits.filter(
      (now) => now.record.effect === 'loss' && !['proposed', 'dropped'].includes(now.record.state),
    )
    return {
      empty: found.benefits.length === 0,
      rows: await benefitSummaries(ctx, rows.slice(0, 500)),
      losses: await benefitSummaries(ctx, losses),
      total: found.benefits.length,
      counts:
        found.benefits.length < maxBenefits
          ? say('benefits.register.count', { shown: rows.length, count: found.benefits.length })
          : say('benefits.register.count-most', { shown: rows.length, count: maxBenefits }),
      gains: totals.lines.filter((line) => line.effect === 'gain').map((line) => lineShown(ctx, line)),
      lossLines: totals.lines.filter((line) => line.effect === 'loss').map((line) => lineShown(ctx, line)),
      disputed: totals.disputed.map((line) => lineShown(ctx, line)),
      steps: signedIn ? (await stepsOf(ctx, findings, false)).slice(0, 5) : [],
      filters,
      choices: [
        {
          name: 'state',
          label: say('benefits.column.state'),
          options: benefit.states.map((value) => ({ value, label: state(benefit.kind, value) })),
        },
        {
          name: 'type',
          label: fieldLabel(benefit.kind, 'benefitType'),
          options: choices(benefit.kind, 'benefitType', benefitTypes),
        },
        {
          name: 'path',
          label: say('benefits.column.path'),
          options: paths.map((value) => ({ value, label: say(`benefits.path.${value}`) })),
        },
      ],
      filtered: Object.keys(filters).length > 0,
      keep: Object.fromEntries(Object.entries(filters).filter(([name]) => name === 'mine' || name === 'waiting')),
      only: [
        ...(filters.mine === 'true' ? (['mine'] as const) : []),
        ...(['sign', 'confirm'] as const).filter((name) => name === filters.waiting),
      ],
      mayCreate: maySome(ctx, 'create', benefit.kind),
      mayImport: mayImport(ctx),
    }
  },
  title: (_data, { say }) => say('benefits.register.title'),
  view: registerView,
})
