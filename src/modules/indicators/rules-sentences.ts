/**
 * Codes and figures in plain sentences (`measures` §3–5, §9): what is happening, how it compares with the target,
 * whether it is up to date. Nothing is called improving without a direction, and nothing is said if too little is
 * known.
 */
import type { ReasonCode, Result } from '#analysis/target.ts'
import type { Direction, Reading } from '#analysis/variation.ts'
import type { Language, Say } from '#kernel/words.ts'
import type { Freshness as Lateness } from '#values/period.ts'
import type { Judged, TargetRow } from './rules-series.ts'
import { type FigureFacts, targetWords, type Writer, writerFor } from './rules-words.ts'

/** What the sentences are made from. */
export type SentenceInput = {
  readonly judged: Judged
  readonly lateness: Lateness | null
  readonly facts: FigureFacts & { readonly direction: Direction }
  readonly ended?: boolean
}

export type Sentences = {
  /** What is happening, in one sentence. */
  readonly happening: string
  /** Performance against target, in one sentence. */
  readonly against: string
  readonly freshness: string
  /** Target capability; null if it is not stated. */
  readonly capability: string | null
  /** What qualifies the above: annualised values, marks on the target, how the limits were made. */
  readonly cautions: readonly string[]
  /** Short forms for lists and badges. */
  readonly labels: { readonly reading: string; readonly result: string; readonly resultNote: string | null }
}

const web = {
  result: (result: Result) => `web.performance.${result}`,
  reading: (reading: Reading) => `web.reading.${reading}`,
}

/** All sentences about one series, in the language of `say`. */
export function sentencesFor(reported: SentenceInput, say: Say, language: Language): Sentences {
  const writer = writerFor(reported.facts, say, language)
  const { judged } = reported
  const result: Result = judged.performance?.result ?? 'unknown'
  const reasons = judged.performance?.reasons ?? []
  return {
    happening: happening(reported, writer),
    against: against(reported, writer),
    freshness: freshnessSentence(reported, writer),
    capability:
      judged.capability === 'not-stated' || isTooOld(reported)
        ? null
        : say(`indicators.capability.${judged.capability}`),
    cautions: cautions(reported, writer),
    labels: {
      reading: isTooOld(reported)
        ? readingLabel('not-stated', judged.silence ?? 'too-old', say)
        : readingLabel(judged.reading, judged.silence, say),
      result: say(web.result(result)),
      resultNote: resultNote(result, reasons, say),
    },
  }
}

/** From "very late" on the newest point says nothing about today. */
export const isTooOld = ({ lateness, ended }: Pick<SentenceInput, 'lateness' | 'ended'>): boolean =>
  !ended && (lateness === 'very-late' || lateness === 'stopped')

/** The reading in a word or two; if nothing is said, why. */
export const readingLabel = (reading: string, silence: string | null, say: Say): string =>
  reading === 'not-stated' && silence ? say(`indicators.silence.${silence}.short`) : say(`web.reading.${reading}`)

const noted: readonly string[] = [
  'annualised',
  'estimated',
  'provisional',
  'met-before-due-day',
  'met-under-old-missed-under-new',
  'missed-under-old-met-under-new',
  'target-added-after-result',
]

/** What qualifies a result in a few words: "on an annualised estimate". Null if nothing does. */
export function resultNote(result: string, reasons: readonly string[], say: Say): string | null {
  if (result === 'unknown') {
    const reason = reasons.find((each) => unknownReasons.includes(each))
    return reason ? say(`indicators.reason.${reason}.short`) : null
  }
  if (result === 'not-due') return null
  const notes = noted.filter((each) => reasons.includes(each)).map((each) => say(`indicators.reason.${each}.short`))
  return notes.length > 0 ? notes.join(say('indicators.and')) : null
}

const unknownReasons: readonly string[] = [
  'very-late',
  'no-value-for-due-day',
  'no-value',
  'no-target',
  'no-direction',
  'no-comparator',
  'no-groups',
  'no-range',
]

function happening(reported: SentenceInput, writer: Writer): string {
  const { judged } = reported
  const { say, quantity } = writer
  const { silence, assessment } = judged
  const spoken = assessment.spokenFor ?? assessment.latest
  const row = judged.rows.find((each) => each.from === spoken?.from && each.to === spoken.to)
  const period = row ? writer.period(row) : ''
  const value = row?.value === null || row === undefined ? '' : quantity(row.value)
  const figures = { value, period, n: assessment.n, counted: assessment.counted }
  if (silence !== null) return say(`indicators.silence.${silence}`, figures)
  if (isTooOld(reported)) return say('indicators.silence.too-old', figures)
  const lines = judged.lines[judged.rows.indexOf(row!)]
  const range = lines
    ? { lower: writer.lower(lines.lower), upper: quantity(lines.upper), mean: quantity(lines.mean) }
    : null
  const { latestSignal, reading } = judged
  if (!latestSignal)
    return range
      ? say('indicators.happening.usual', { ...figures, ...range })
      : say('indicators.happening.usual-plain', figures)
  const key = `indicators.signal.${judged.chart === 'days-between' ? 'days-between' : latestSignal.kind}`
  const signal = say(key, { ...figures, ...(range ?? { lower: '', upper: '', mean: '' }), side: latestSignal.side })
  return say(`indicators.happening.${reading}`, { signal })
}

const basisOf = (reasons: readonly string[]): string =>
  ['annualised', 'estimated', 'provisional'].find((basis) => reasons.includes(basis)) ?? 'actual'

function against({ judged, facts }: SentenceInput, writer: Writer): string {
  const { say, quantity } = writer
  const { performance, assessment } = judged
  if (!performance?.target) return say('indicators.against.no-target')
  const { reasons, result } = performance
  const direction = judged.direction
  const row = performance.target.row
  const target = targetWords(row, direction, writer)
  const latest = judged.rows.find((each) => each.from === assessment.latest?.from && each.to === assessment.latest.to)
  const figures = {
    target,
    value: latest?.value ? quantity(latest.value) : '',
    period: latest ? writer.period(latest) : '',
    basis: basisOf(reasons),
    day: row.dueOn ? writer.day(row.dueOn) : '',
  }
  const later = performance.later.at(-1)?.target.row
  const newer = later ? targetWords(later, facts.direction, writer) : ''
  if (result === 'unknown') {
    const reason = unknownReasons.find((each) => reasons.includes(each as ReasonCode)) ?? 'no-value'
    return say(`indicators.against.unknown.${reason}`, figures)
  }
  if (result === 'not-due') {
    const { progress } = performance
    return progress === undefined
      ? say('indicators.against.not-due', figures)
      : say('indicators.against.not-due-progress', { ...figures, progress: percentWords(progress, writer) })
  }
  if (reasons.includes('met-under-old-missed-under-new'))
    return say('indicators.against.met-under-old', { ...figures, newer })
  if (reasons.includes('missed-under-old-met-under-new'))
    return say('indicators.against.missed-under-old', { ...figures, newer })
  if (reasons.includes('met-before-due-day')) return say('indicators.against.met-early', figures)
  return say(`indicators.against.${result}`, figures)
}

const percentWords = (share: number, writer: Writer) =>
  new Intl.NumberFormat(writer.language, { style: 'percent', maximumFractionDigits: 0 }).format(share)

function freshnessSentence({ judged, lateness, ended }: SentenceInput, writer: Writer): string {
  const { say } = writer
  if (ended) return say('indicators.freshness.ended')
  if (!judged.due || !lateness) return say('indicators.freshness.nothing')
  const latest = judged.rows.findLast((row) => row.value !== null)
  return say(`indicators.freshness.${lateness}`, {
    period: writer.period(judged.due.period),
    day: writer.day(judged.due.dueOn),
    latest: latest ? writer.period(latest) : '',
  })
}

function cautions({ judged, facts }: SentenceInput, writer: Writer): string[] {
  const { say } = writer
  const all: string[] = []
  const latest = judged.assessment.latest
  const newest = judged.rows.find((row) => row.from === latest?.from && row.to === latest.to)
  if (newest && newest.status !== 'actual')
    all.push(say(`indicators.caution.${newest.status}`, { period: writer.period(newest) }))
  const reasons = judged.performance?.reasons ?? []
  for (const reason of [
    'target-added-after-result',
    'target-set-after-period-began',
    'target-against-direction',
  ] as const) {
    const row: TargetRow | undefined = judged.performance?.target?.row
    if (reasons.includes(reason))
      all.push(say(`indicators.caution.${reason}`, { day: row ? writer.day(row.setOn) : '' }))
  }
  if (judged.chart === 'seasonal') all.push(say('indicators.caution.seasonal'))
  if (judged.chart === 'proportion' || judged.chart === 'rate') all.push(say('indicators.caution.varying-denominators'))
  if (judged.assessment.segments.length > 1) {
    const first = judged.rows[judged.assessment.segments.at(-1)!.first]
    if (first) all.push(say('indicators.caution.break', { period: writer.period(first) }))
  }
  const separation = judged.aside.filter((row) => row.status !== 'year-to-date').length
  if (separation > 0) all.push(say('indicators.caution.apart', { count: separation }))
  if (facts.direction === 'not-agreed') all.push(say('indicators.caution.direction-not-agreed'))
  return all
}

/**
 * Comparison with the previous value and with the same period last year. One step is not a trend: it is not called
 * better or worse.
 */
export function comparisonsFor(judged: Judged, writer: Writer): string[] {
  const { previous, samePeriodLastYear } = judged.assessment
  const sentence = (key: 'previous' | 'last-year', change: typeof previous) =>
    change
      ? [
          writer.say(`indicators.compared.${key}`, {
            change: writer.difference(change.change),
            same: change.verdict === 'no-change' ? 'yes' : 'no',
          }),
        ]
      : []
  return [
    ...sentence('previous', previous),
    // For yearly values both are the same.
    ...(judged.grain === 'year' ? [] : sentence('last-year', samePeriodLastYear)),
  ]
}
