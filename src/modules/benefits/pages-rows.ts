/** What is special about the tables of benefits and of business changes; how they are filled in, the forms of rows know. */
import { sql } from 'kysely'
import type { FieldProblem } from '#kernel/problem.ts'
import { decimal } from '#kernel/record.ts'
import { presenterOf } from '#pages/presenter.ts'
import { periodColumn } from '#pages/rows/index.ts'
import type { AppContext } from '#platform/page.ts'
import { unseenPage } from '#platform/page.ts'
import { type EnteredRow, type OfferedRow, rowForm } from '#platform/row-form.ts'
import { todayOf } from '#platform/today.ts'
import { type Benefit, type CurrentBenefit, courseOf, currentBenefits } from './queries-register.ts'
import { benefit, change } from './records.ts'
import { isCash } from './rules.ts'
import { budgetLinesToCheck } from './rules-money.ts'
import { endsIn, plannedPath } from './rules-path.ts'

const nowOf = async (ctx: AppContext, { id }: Benefit): Promise<CurrentBenefit> =>
  (await currentBenefits(ctx, sql`r.id = ${id}`))[0]!

const period = periodColumn<Benefit>()
const inRange = [period, 'value', 'low', 'high'] as const
const ofBenefit = { linked: true }

/** Planned periods that have ended and have no result yet. */
async function withoutResult(ctx: AppContext, record: Benefit): Promise<OfferedRow[]> {
  const { path, results } = await nowOf(ctx, record)
  return path
    .filter((row) => row.to <= todayOf(ctx) && !results.some((result) => endsIn(row, result)))
    .map(({ from, to, label }) => ({ row: { from, to, label } }))
}

/** Budget lines that finance has not seen, with what was promised. */
async function unseenLines(ctx: AppContext, record: Benefit): Promise<OfferedRow[]> {
  const { budget, confirmations } = await nowOf(ctx, record)
  const { say, money } = presenterOf(ctx)
  return budgetLinesToCheck(budget, confirmations).flatMap(({ budgetCode, year, state }, index) =>
    state === 'unseen'
      ? [
          {
            row: { budgetCode, year },
            lead: say('benefits.cash.line', {
              line: budgetCode,
              year: String(year),
              amount: money(budget[index]!.amount, record.worth?.currency ?? null),
            }),
          },
        ]
      : [],
  )
}

type Confirmed = {
  budgetCode: string
  year: number
  verdict: string
  amount: string | null
  confirmedOn: string
  post: string | null
}

/** Finance confirms today, with its post, lines that were promised; what was not found is nothing. */
async function confirmed(
  ctx: AppContext,
  record: Benefit,
  rows: ReadonlyArray<EnteredRow<Confirmed>>,
): Promise<FieldProblem[]> {
  const { budget } = await nowOf(ctx, record)
  const post = ctx.caller.posts[0] ?? null
  if (rows.length > 0 && !post) return [{ at: '/', code: 'benefits.confirm-with-a-post' }]
  return rows.flatMap(({ line, row }) => {
    Object.assign(row, { confirmedOn: todayOf(ctx), post })
    const promised = budget.some((each) => each.budgetCode === row.budgetCode && each.year === row.year)
    const problems = promised ? [] : [{ at: `/${line}/budgetCode`, code: 'benefits.which-line' }]
    if (row.amount === null && row.verdict === 'refused') row.amount = '0'
    return row.amount === null ? [...problems, { at: `/${line}/amount`, code: 'field.required' }] : problems
  })
}

export const rowForms = [
  rowForm<Benefit>(benefit, 'path', {
    ...ofBenefit,
    lead: 'benefits.figures.path',
    columns: () => [...inRange, 'runningCost'],
    derive: {
      words: 'benefits.figures.lay-out',
      rows: async (ctx, record) => {
        const course = courseOf(await nowOf(ctx, record))
        return course ? plannedPath(course) : null
      },
    },
  }),
  rowForm<Benefit>(benefit, 'result', {
    ...ofBenefit,
    lead: 'benefits.figures.result',
    // What an indicator measures is not entered a second time.
    applies: async (ctx, record) => (await nowOf(ctx, record)).shape === 'flow',
    columns: () => [...inRange, 'runningCost', 'status', 'sourceText', 'note'],
    starts: () => ({ status: 'actual' }),
    offer: withoutResult,
  }),
  rowForm<Benefit>(benefit, 'forecast', {
    ...ofBenefit,
    lead: 'benefits.figures.forecast',
    columns: () => [...inRange, 'madeOn', 'note'],
    starts: (ctx) => ({ madeOn: todayOf(ctx) }),
  }),
  rowForm<Benefit>(benefit, 'budget', {
    ...ofBenefit,
    lead: 'benefits.figures.budget',
    applies: (_ctx, record) => isCash(record.benefitType),
  }),
  rowForm<Benefit>(benefit, 'claim', { ...ofBenefit, lead: 'benefits.figures.claim' }),
  rowForm<Benefit, Confirmed>(benefit, 'confirmation', {
    ...ofBenefit,
    at: 'cash',
    lead: 'benefits.cash.lead',
    columns: () => [
      'budgetCode',
      'year',
      'verdict',
      {
        name: 'amount',
        field: decimal(),
        hint: 'benefits.cash.amount-hint',
        writes: ['amount', 'confirmedOn', 'post'],
        shown: (_ctx, row) => row.amount ?? null,
        read: (amount) => ({ values: { amount } }),
      },
      'note',
    ],
    offer: unseenLines,
    complete: confirmed,
  }),
  rowForm(change, 'adoption', {
    linked: true,
    at: 'adoption',
    lead: 'benefits.adoption.lead',
    starts: () => ({ status: 'actual' }),
  }),
]

/** The address of the figures before each table had a page of its own. */
export const figuresPage = unseenPage({
  path: '/benefits/benefits/:key/figures',
  policy: 'signed in',
  load: async (_ctx, { params }) => ({ redirect: `/benefits/benefits/${encodeURIComponent(params.key ?? '')}/rows` }),
})
