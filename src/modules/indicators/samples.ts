/** Indicators of the demo city with their measurements, targets and breaks. */
import type { Change } from '#platform/records/index.ts'
import { cityRef, type Sample, type SampleCity, sampleRecord, sampleRef, samplesPublished } from '#platform/samples.ts'
import { indicator } from './records.ts'
import { demoIndicators } from './samples/city.ts'
import { cityFiscalYear } from './samples/series.ts'
import type { DemoIndicator, DemoMeasurement } from './samples/types.ts'

function recordOf(city: SampleCity, each: DemoIndicator): Change {
  return sampleRecord(city, indicator.kind, each.ref, {
    state: each.state,
    values: {
      title: each.title,
      definition: each.definition,
      valueKind: each.valueKind,
      unit: each.unit,
      decimals: each.decimals,
      direction: each.direction,
      rangeLow: each.rangeLow ?? null,
      rangeHigh: each.rangeHigh ?? null,
      numerator: each.numeratorText ?? null,
      denominator: each.denominatorText ?? null,
      grain: each.grain,
      fiscalStartMonth: each.fiscal ? cityFiscalYear.startMonth : null,
      fiscalNamedBy: each.fiscal ? cityFiscalYear.namedBy : null,
      publicationLagDays: each.lagDays,
      seasonal: each.seasonal ?? false,
      cumulative: each.cumulative ?? false,
      rareEvents: each.rareEvents ?? false,
      minimumCell: each.minimumCell ?? null,
      sourceText: each.source,
      method: each.method,
      libraryNumber: each.libraryNo ? `iso-37120-2014:${each.libraryNo}` : null,
      organisation: each.organisation === undefined ? null : city.idOf(each.organisation),
      owner: each.owner === undefined ? null : city.idOf(each.owner),
      links: { measures: each.measures.map((ref) => ({ to: city.idOf(ref) })) },
    },
    rows: {
      measurement: { set: each.measurements.map(firstPublished) },
      target: {
        set: each.targets.map((target) => ({
          cell: target.cell ?? '',
          targetKind: target.targetKind,
          from: target.from,
          dueOn: target.dueOn ?? null,
          value: target.value ?? null,
          low: target.low ?? null,
          high: target.high ?? null,
          base: target.base ?? null,
          comparator: target.comparatorCells?.map((cell) => cell || '*').join(' | ') ?? null,
          setOn: target.setOn,
          why: target.why ?? null,
        })),
      },
      break: {
        set: [
          ...each.breaks.map(({ on, reason }) => ({ on, breakKind: 'definition', reason })),
          ...(each.directions ?? []).slice(1).map(({ from, direction, reason }, index) => ({
            on: from,
            breakKind: 'direction',
            directionBefore: each.directions![index]!.direction,
            direction,
            reason,
          })),
        ],
      },
    },
  })
}

const rowOf = (each: DemoMeasurement) => ({
  cell: each.cell ?? '',
  from: each.from,
  to: each.to,
  label: each.label,
  value: each.value,
  numerator: each.numerator ?? null,
  denominator: each.denominator ?? null,
  status: each.status,
  note: each.note ?? null,
})

/** The value before a correction. */
const firstPublished = (each: DemoMeasurement) => ({
  ...rowOf(each),
  value: each.correctedFrom ?? each.value,
  numerator: each.correctedNumeratorFrom ?? each.numerator ?? null,
  note: each.correctedFrom ? null : (each.note ?? null),
  revision: 1,
})

/** The value first published, then the corrected one: both stay in the history. */
const corrections = (city: SampleCity): Change[] =>
  demoIndicators(city.today).flatMap(({ ref, measurements }): Change[] => {
    const set = measurements.filter((each) => each.correctedFrom).map((each) => ({ ...rowOf(each), revision: 2 }))
    if (set.length === 0) return []
    return [{ kind: indicator.kind, action: 'change', id: city.idOf(ref), rows: { measurement: { set } } }]
  })

const reviewsRef = sampleRef('indicator', 'reviews-held')

/** Its values are counted from the reviews that the room of benefits keeps; nobody enters them. */
const reviewsHeld = (city: SampleCity): Change =>
  sampleRecord(city, indicator.kind, reviewsRef, {
    state: 'agreed',
    values: {
      title: { en: 'Benefit reviews held in a month', 'zh-Hans': '每月举行的效益评审' },
      definition: {
        en: 'How often those who answer for a benefit came together to see whether it arrives.',
        'zh-Hans': '效益责任人一起核查效益是否实现的次数。',
      },
      ...{ valueKind: 'count', unit: '{review}', decimals: 0, direction: 'up', grain: 'month', publicationLagDays: 5 },
      sourceText: { en: 'Counted from the reviews themselves', 'zh-Hans': '直接统计评审记录' },
      figure: 'benefits.reviews-held',
      organisation: city.idOf(cityRef),
      owner: city.idOf(sampleRef('post', 'strategy-head')),
      links: { measures: [{ to: city.idOf(sampleRef('outcome', 'answers')) }] },
    },
  })

export const samples: readonly Sample[] = [
  { stage: 'records', changes: (city) => demoIndicators(city.today).map((each) => recordOf(city, each)) },
  { stage: 'records', changes: (city) => [reviewsHeld(city)] },
  { stage: 'records', changes: corrections },
  {
    stage: 'published',
    changes: (city) =>
      samplesPublished(city, indicator.kind, [
        ...demoIndicators(city.today)
          .filter(({ state }) => state === 'agreed')
          .map(({ ref }) => ref),
        reviewsRef,
      ]),
  },
]
