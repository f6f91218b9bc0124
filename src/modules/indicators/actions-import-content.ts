/**
 * What is staged for an indicator between reading and saving; plain data, because it passes through the database as
 * JSON.
 */
import type { Grain } from '#values/period.ts'
import type { IndicatorField } from './actions-import-targets.ts'

/** Step numbers: an indicator comes before its parts. */
export const steps = { indicator: 1, part: 2 } as const

export type MeasurementContent = {
  readonly column: string
  readonly cell: string
  readonly from: string
  readonly to: string
  readonly label: string
  readonly grain: Grain
  readonly value: string | null
  readonly numerator: string | null
  readonly denominator: string | null
  readonly status: string
  readonly note: string | null
  readonly raw: string | null
}

export type TargetContent = {
  readonly column: string
  readonly cell: string
  readonly targetKind: string
  readonly from: string
  readonly setOn: string
  readonly value: string | null
  readonly base: string | null
  readonly low: string | null
  readonly high: string | null
  readonly dueOn: string | null
  readonly comparator: string | null
  readonly why: string | null
}

export type IndicatorContent = {
  readonly id: string
  readonly fields: Partial<Record<IndicatorField, string | number | boolean>>
  /** Keys of the records that the row names. */
  readonly organisation: string | null
  readonly outcome: string | null
  readonly objective: string | null
  readonly owner: { readonly id: string | null; readonly post: string | null } | null
  /** The indicator this one is a part of, by organisation and title, and which part. */
  readonly part: { readonly of: string; readonly cell: string } | null
  readonly measurements: readonly MeasurementContent[]
  readonly targets: readonly TargetContent[]
}
