/** How the files next to this one specify an indicator of the demo city: what it is, and the story of its numbers. */
import type { DemoIndicator, DemoTarget } from './types.ts'

/**
 * The course of a series over its window (five years): `line` from start to end; `turn` flat, then a line over the last
 * ten periods; `step` at three fifths; `flat`; `rare` events with `start` as mean; `cum` adds up from the plan's first
 * day to `end`; `done` 0, then 1.
 */
export type Story = {
  readonly shape: 'line' | 'turn' | 'step' | 'flat' | 'rare' | 'cum' | 'done'
  readonly start: number
  readonly end: number
  /** Standard deviation around the course, in the unit of the indicator. */
  readonly noise: number
  /** Size of the denominator. */
  readonly base?: number
  /** Height of the yearly wave; positive peaks in January, negative in July. */
  readonly season?: number
  /** Newest values that never arrived. */
  readonly silent?: number
  /** Positions (0 = oldest) without a value. */
  readonly gaps?: readonly number[]
  /** How many of the newest values are provisional or estimated. */
  readonly provisional?: number
  readonly estimated?: number
  /** The running year is scaled up to a full one. */
  readonly annualised?: boolean
  /** The value this many places from the newest was corrected. */
  readonly corrected?: number
  /** Length of a series that started late. */
  readonly points?: number
  /** Broken down by district; `spread` in units of the indicator where it has no parts to share out. */
  readonly districts?: boolean
  readonly spread?: number
  readonly breakReason?: string
  readonly directionChange?: string
}

export type TargetSpecification = Omit<DemoTarget, 'from' | 'why'> & { readonly why?: string }

export type IndicatorSpecification = Omit<
  DemoIndicator,
  'state' | 'measures' | 'source' | 'method' | 'measurements' | 'targets' | 'breaks' | 'directions' | 'rareEvents'
> & {
  /** 'outcome:safe' or 'objective:safe-1'. */
  readonly measures: string
  /** Keys of `words.json`. */
  readonly source: string
  readonly method: string
  readonly story: Story
  readonly targets: readonly TargetSpecification[]
}
