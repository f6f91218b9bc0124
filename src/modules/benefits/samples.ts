/** Framework, benefits, changes, enablers and reviews of the demo city: the stories are in `samples/`. */
import type { Change } from '#platform/records/index.ts'
import {
  cityRef,
  dayFor,
  planYear,
  type Sample,
  type SampleCity,
  sampleRecord,
  sampleRef,
  samplesPublished,
  type SampleText as Text,
} from '#platform/samples.ts'
import { multiplyDecimals, roundDecimal } from '#values/decimal.ts'
import { addDays, type Day, partsOf } from '#values/period.ts'
import { startingFramework } from './queries-framework.ts'
import { plannedPath } from './rules-path.ts'
import stories from './samples/benefits.json' with { type: 'json' }
import chains from './samples/chains.json' with { type: 'json' }

type Story = {
  readonly ref: string
  readonly title: Text
  readonly effect?: 'loss'
  readonly type: string
  readonly state: string
  readonly organisation: string
  readonly owner?: string
  readonly delivered?: string
  readonly areas?: readonly string[]
  readonly outside?: boolean
  readonly unplanned?: boolean
  readonly gains?: Text
  readonly loses?: Text
  readonly unit?: Text
  readonly recurrence?: 'one-off' | 'recurring'
  readonly full?: string
  readonly base?: string
  readonly start?: string
  readonly lag?: number
  readonly ramp?: number
  readonly due?: string
  readonly track?: string
  readonly counterfactual?: Text
  readonly attribution?: string
  readonly design?: Text
  readonly measuredBy?: string
  /** Shares of the plan for each year: value, status, low, high. */
  readonly results?: ReadonlyArray<readonly string[]>
  /** Running cost as a share of what came. */
  readonly cost?: string
  /** Year counted from the first, then shares: value, low, high. */
  readonly forecast?: ReadonlyArray<readonly [number, string, string, string]>
  readonly budget?: readonly [string, string]
  /** Shares that finance found, year by year; null where it found nothing. */
  readonly confirmed?: ReadonlyArray<string | null>
  readonly claim?: { indicator: string; baseline: string; on: string; movement: string; anyway: string }
  readonly closed?: string
  readonly receiving?: string
  readonly handed?: string
  readonly measuring?: string
  readonly validation?: Text
  readonly sustained?: Text
  readonly dispute?: Text
  readonly drop?: Text
  readonly serves?: ReadonlyArray<readonly [string, string]>
}

const refused: Text = {
  en: 'The line of the budget did not become smaller.',
  'zh-Hans': '该预算科目并未减少。',
}
const sources: Text = { en: 'Report of the department', 'zh-Hans': '部门报告' }
const money = ['cash-releasing', 'non-cash-releasing', 'income', 'cost-avoided']

const frameworkRef = sampleRef('framework', 'first')

/** In an order in which they can point at each other. */
function records(city: SampleCity): Change[] {
  const { today, idOf } = city
  const on = (text: string | undefined) => (text === undefined ? null : dayFor(text, today))
  const at = (kind: string, name: string | undefined) => (name === undefined ? null : idOf(sampleRef(kind, name)))
  const created = (kind: string, ref: string, rest: Omit<Change, 'kind' | 'action' | 'id'>) =>
    sampleRecord(city, kind, ref, rest)
  const framework = created('benefits.framework', frameworkRef, {
    state: 'adopted',
    values: {
      ...startingFramework,
      reviewEveryMonths: 12,
      adoptedOn: on('Y-4-03-01'),
      reviewOn: on('Y+1-03-01'),
      organisation: idOf(cityRef),
    },
  })
  const benefits = (stories as unknown as readonly Story[]).map((story) => {
    const path = pathOf(story, today)
    return created('benefits.benefit', sampleRef('benefit', story.ref), {
      state: story.state,
      values: {
        title: story.title,
        effect: story.effect ?? 'gain',
        benefitType: story.type,
        areas: [...(story.areas ?? [])],
        plan: idOf('demo:plan:river-city'),
        unplanned: story.unplanned ?? false,
        whoGains: story.gains ?? null,
        losingGroup: story.loses ?? null,
        outsideAuthority: story.outside ?? false,
        recurrence: story.recurrence ?? null,
        worth: money.includes(story.type)
          ? { ...(story.full ? { amount: story.full } : {}), currency: 'EUR', priceYear: planYear(today) - 2 }
          : null,
        unitLabel: story.unit ?? null,
        baseline: story.base ?? null,
        baselineOn: story.base ? on(story.start) : null,
        startOn: on(story.start),
        lagMonths: story.lag ?? null,
        rampMonths: story.ramp ?? null,
        fullValue: money.includes(story.type) ? null : (story.full ?? null),
        dueOn: on(story.due),
        counterfactual: story.counterfactual ?? null,
        attribution: story.attribution ?? 'contributed',
        attributionDesign: story.design ?? null,
        deliveredBy: at('post', story.delivered),
        closedOn: on(story.closed),
        receivingPost: at('post', story.receiving),
        measurementBudget: story.measuring ?? null,
        trackUntil: on(story.track),
        handedOverOn: on(story.handed),
        validation: story.validation ?? null,
        sustainedBecause: story.sustained ?? null,
        disputeReason: story.dispute ?? null,
        dropReason: story.drop ?? null,
        organisation: at('org', story.organisation),
        owner: at('post', story.owner),
        links: {
          contributesTo: (story.serves ?? []).map(([ref, weight]) => ({ to: idOf(`demo:${ref}`), weight })),
          measuredBy: story.measuredBy ? [{ to: idOf(sampleRef('indicator', story.measuredBy)) }] : [],
        },
      },
      rows: rowsOf(story, path, city),
    })
  })
  const changes = chains.changes.map((change) =>
    created('benefits.change', sampleRef('change', change.ref), {
      state: change.state,
      values: {
        title: change.title,
        whoChanges: change.who,
        adoptionMeasure: change.measure,
        adoptionUnit: change.unit,
        adoptionTarget: change.target,
        dueOn: on('Y+0-12-31'),
        organisation: at('org', change.organisation),
        owner: at('post', change.owner),
        links: {
          produces: change.produces.map(([ref, weight]) => ({
            to: idOf(sampleRef('benefit', ref!)),
            weight: weight!,
          })),
        },
      },
      rows: {
        adoption: {
          set: (change.adopted ?? []).map(([day, value]) => ({ on: on(day), value, status: 'actual' })),
        },
      },
    }),
  )
  const enablers = chains.enablers.map((enabler) =>
    created('benefits.enabler', sampleRef('enabler', enabler.ref), {
      state: enabler.state,
      values: {
        title: enabler.title,
        enablerType: enabler.type,
        dueOn: on(enabler.due),
        organisation: at('org', enabler.organisation),
        owner: at('post', enabler.owner),
        links: {
          enables: enabler.enables.map(([ref, weight]) => ({ to: idOf(sampleRef('change', ref!)), weight: weight! })),
        },
      },
    }),
  )
  const reviews = chains.reviews.map((review) => {
    const of = stories.find((story) => story.ref === review.benefit)!
    return created('benefits.review', sampleRef('review', review.benefit), {
      state: review.done ? 'settled' : 'held',
      values: {
        title: {
          en: `Review: ${of.title.en}`,
          'zh-Hans': `评审：${of.title['zh-Hans']}`,
        },
        benefit: idOf(sampleRef('benefit', review.benefit)),
        plannedOn: on(review.held),
        heldOn: on(review.held),
        finding: review.finding,
        decision: review.decision,
        action: review.action ?? null,
        actionDueOn: on(review.due),
        actionDoneOn: on(review.done),
        organisation: at('org', of.organisation),
        owner: at('post', of.owner),
      },
    })
  })
  return [framework, ...benefits, ...changes, ...enablers, ...reviews]
}

/** Agreed records are public; merely proposed ones stay internal. */
function published(city: SampleCity): Change[] {
  const publish = (kind: string, group: string, all: ReadonlyArray<{ ref: string }>) =>
    samplesPublished(
      city,
      kind,
      all.map(({ ref }) => sampleRef(group, ref)),
    )
  return [
    ...samplesPublished(city, 'benefits.framework', [frameworkRef]),
    ...publish(
      'benefits.benefit',
      'benefit',
      stories.filter(({ state }) => state !== 'proposed'),
    ),
    ...publish('benefits.change', 'change', chains.changes),
    ...publish('benefits.enabler', 'enabler', chains.enablers),
  ]
}

export const samples: readonly Sample[] = [
  { stage: 'records', changes: records },
  { stage: 'published', changes: published },
]

type Path = ReturnType<typeof plannedPath>

function pathOf(story: Story, today: Day): Path {
  const last = story.track ?? story.due
  if (!story.full || !story.start || !last) return []
  return plannedPath({
    startOn: dayFor(story.start, today),
    lagMonths: story.lag ?? 0,
    rampMonths: story.ramp ?? 0,
    fullValue: story.full,
    until: addDays(dayFor(last, today), 1),
    shape: story.measuredBy ? 'level' : story.recurrence === 'one-off' ? 'once' : 'flow',
    ...(story.base ? { base: story.base } : {}),
  })
}

const share = (value: string, of: string, places = 0) => roundDecimal(multiplyDecimals(value, of), places)

/** Rows of a story. Results and confirmations are for past years; the rest of a list waits. */
function rowsOf(story: Story, path: Path, { today, idOf }: SampleCity): NonNullable<Change['rows']> {
  const over = path.filter((row) => row.to <= dayFor('Y+0-01-01', today))
  const part = (row: Path[number], factor: string | undefined) =>
    factor === undefined ? null : share(row.value, factor)
  const lines = story.budget ? over.filter((row) => row.value !== '0') : []
  const year = (row: Path[number]) => partsOf(row.from).year
  return {
    path: { set: path },
    result: {
      set: (story.results ?? []).slice(0, over.length).flatMap(([value, status, low, high], index) => {
        const row = over[index]!
        // A one-off outside the year brings nothing in it.
        if (row.value === '0' && story.recurrence === 'one-off') return []
        return [
          {
            from: row.from,
            to: row.to,
            label: row.label,
            value: share(row.value, value!),
            low: part(row, low),
            high: part(row, high),
            runningCost: story.cost ? share(row.value, story.cost) : null,
            status: status ?? 'actual',
            sourceText: sources,
            note: null,
          },
        ]
      }),
    },
    forecast: {
      set: (story.forecast ?? []).flatMap(([index, value, low, high]) => {
        const row = path[index]
        return row
          ? [
              {
                from: row.from,
                to: row.to,
                label: row.label,
                value: share(row.value, value),
                low: part(row, low),
                high: part(row, high),
                madeOn: dayFor('T-60', today),
                note: null,
              },
            ]
          : []
      }),
    },
    budget: {
      set: lines.map((row) => ({
        budgetCode: story.budget![1],
        year: year(row),
        amount: share(row.value, '1'),
        body: idOf(sampleRef('org', story.budget![0])),
      })),
    },
    confirmation: {
      set: (story.confirmed ?? []).slice(0, lines.length).map((found, index) => ({
        budgetCode: story.budget![1],
        year: year(lines[index]!),
        verdict: found === null ? 'refused' : 'confirmed',
        amount: found === null ? '0' : share(lines[index]!.value, found),
        confirmedOn: addDays(lines[index]!.to, 75),
        post: idOf('demo:post:finance-director'),
        note: found === null ? refused : null,
      })),
    },
    claim: {
      set: story.claim
        ? [
            {
              indicator: idOf(sampleRef('indicator', story.claim.indicator)),
              baseline: story.claim.baseline,
              baselineOn: dayFor(story.claim.on, today),
              movement: story.claim.movement,
              counterfactualChange: story.claim.anyway,
              note: null,
            },
          ]
        : [],
    },
  }
}
