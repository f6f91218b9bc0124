/** What is staged of a file between reading and saving; plain data, as it goes through the database as JSON. */
import type { Grain } from '#values/period.ts'
import type { IndicatorField } from './actions-import-targets.ts'

/** Numbers of the steps, in the order of saving: what is pointed at comes first. */
export const steps = { organisation: 1, plan: 2, outcome: 3, level: 10, indicator: 20, part: 21 } as const

export type OrganisationContent = {
  /** Identity in the source: the stated id, or the name where there is none. */
  readonly id: string
  readonly name: string
  readonly named: boolean
  readonly fields: Readonly<Record<string, string>>
}

export type PlanContent = {
  readonly title: string
  readonly levels: readonly string[]
  readonly from: string | null
  readonly to: string | null
}

export type OutcomeContent = {
  readonly id: string
  readonly title: string
  readonly named: boolean
  readonly description: string | null
  readonly plan: string | null
}

export type LevelContent = OutcomeContent & {
  readonly organisation: string | null
  /** Only its identity is stated: it has to be here already. */
  readonly known: boolean
  readonly level: number
  /** Key of the level above, or of the outcome; null at the top. */
  readonly under: string | null
  readonly outcome: string | null
}

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
  /** Keys of records of earlier steps. */
  readonly organisation: string | null
  readonly outcome: string | null
  readonly level: string | null
  readonly owner: { readonly id: string | null; readonly post: string | null } | null
  /** The indicator this one is a part of, by organisation and title, and which part. */
  readonly part: { readonly of: string; readonly cell: string } | null
  readonly measurements: readonly MeasurementContent[]
  readonly targets: readonly TargetContent[]
}
