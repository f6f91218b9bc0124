/** Indicators of the demo city as plain data, with the numbers that their stories give. */
import type { SampleText as Text } from '#platform/samples.ts'
import type { Day, Grain } from '#values/period.ts'

export type DemoDirection = 'up' | 'down' | 'range' | 'none' | 'not-agreed'
export type DemoStatus = 'actual' | 'provisional' | 'estimated' | 'annualised'

/** Figures are exact decimal strings. */
export type DemoMeasurement = {
  readonly from: Day
  readonly to: Day
  readonly label: string
  /** Absent for the whole city, else `district=<code>`. */
  readonly cell?: string
  readonly value: string
  readonly numerator?: string
  readonly denominator?: string
  readonly status: DemoStatus
  readonly note?: Text
  /** What was published before the correction. */
  readonly correctedFrom?: string
  /** The numerator published before the correction, if there is one. */
  readonly correctedNumeratorFrom?: string
}

export type DemoTarget = {
  readonly targetKind:
    | 'reach'
    | 'keep'
    | 'range'
    | 'change'
    | 'change-percent'
    | 'cumulative'
    | 'done'
    | 'comparator'
    | 'gap'
  /** Asked value, change, total, margin to the comparator, or largest gap. */
  readonly value?: string
  readonly low?: string
  readonly high?: string
  readonly base?: string
  /** First period it applies to begins here. */
  readonly from: Day
  readonly dueOn?: Day
  readonly setOn: Day
  readonly why?: Text
  readonly cell?: string
  /** For 'comparator': the cell compared with; for 'gap': the two cells ('' = the whole city). */
  readonly comparatorCells?: readonly string[]
}

export type DemoIndicator = {
  /** External id. */
  readonly ref: string
  /** Without an owner an indicator stays a draft. */
  readonly state: 'draft' | 'agreed'
  readonly title: Text
  readonly definition: Text
  /** An outcome or an objective. */
  readonly measures: readonly string[]
  readonly organisation?: string
  readonly owner?: string
  /** UCUM code. */
  readonly unit: string
  readonly decimals: number
  readonly direction: DemoDirection
  readonly rangeLow?: string
  readonly rangeHigh?: string
  readonly valueKind: 'percent' | 'rate' | 'count' | 'ratio' | 'average' | 'sum' | 'done'
  readonly numeratorText?: Text
  readonly denominatorText?: Text
  readonly grain: Extract<Grain, 'month' | 'quarter' | 'year'>
  /** True: years and quarters of the city's fiscal calendar. */
  readonly fiscal?: boolean
  readonly lagDays: number
  readonly source: Text
  readonly method: Text
  readonly seasonal?: boolean
  readonly cumulative?: boolean
  readonly rareEvents?: boolean
  readonly minimumCell?: number
  /** Number in `iso-37120-2014.json`. */
  readonly libraryNo?: string
  readonly measurements: readonly DemoMeasurement[]
  readonly targets: readonly DemoTarget[]
  readonly breaks: readonly { readonly on: Day; readonly reason: Text }[]
  /** Dated directions, oldest first, where the direction changed; the last equals `direction`. */
  readonly directions?: readonly { readonly from: Day; readonly direction: DemoDirection; readonly reason: Text }[]
}
