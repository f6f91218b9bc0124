/**
 * Optimism bias: how far public projects of a kind exceeded their first estimates. Percentages of Mott MacDonald, "Review
 * of Large Public Procurement in the UK" (2002), table 2, as HM Treasury's supplementary Green Book guidance on optimism
 * bias repeats them. They come from 50 large British projects of before 2002: a city's own record is better evidence.
 */

export type ProjectKind =
  | 'standard-building'
  | 'non-standard-building'
  | 'standard-civil-engineering'
  | 'non-standard-civil-engineering'
  | 'equipment-or-it-development'
  | 'outsourcing'

/** `capital` is money to build (for outsourcing: to operate), `duration` the time of the works. */
export type BiasOf = 'capital' | 'duration'

/** Percent by which an estimate is raised: at the first stage (`upper`) and once every cause is dealt with (`lower`). */
export type BiasBounds = { readonly upper: number; readonly lower: number }

export const optimismBias: Readonly<Record<ProjectKind, Readonly<Record<BiasOf, BiasBounds | null>>>> = {
  'standard-building': { capital: { upper: 24, lower: 2 }, duration: { upper: 4, lower: 1 } },
  'non-standard-building': { capital: { upper: 51, lower: 4 }, duration: { upper: 39, lower: 2 } },
  'standard-civil-engineering': { capital: { upper: 44, lower: 3 }, duration: { upper: 20, lower: 1 } },
  'non-standard-civil-engineering': { capital: { upper: 66, lower: 6 }, duration: { upper: 25, lower: 3 } },
  'equipment-or-it-development': { capital: { upper: 200, lower: 10 }, duration: { upper: 54, lower: 10 } },
  outsourcing: { capital: { upper: 41, lower: 0 }, duration: null },
}

export const optimismBiasSource = 'Mott MacDonald 2002, Review of Large Public Procurement in the UK, table 2'

/** One kind of work in a project and its share of the estimate; shares are relative to each other. */
export type BiasPart = { readonly kind: ProjectKind; readonly share: number }

export type Uplift = {
  /** Percent to add to the estimate. */
  readonly percent: number
  readonly upper: number
  readonly lower: number
  readonly source: string
}

/**
 * Uplift of a project of several kinds of work: bounds are weighted by share. `mitigation` is the part of the causes that
 * evidence shows to be dealt with, 0 (first stage) to 1; the uplift never falls below the lower bound. Null where the
 * study has no figures for a kind, or no share is positive.
 */
export function optimismUplift(parts: readonly BiasPart[], of: BiasOf, mitigation = 0): Uplift | null {
  const whole = parts.reduce((sum, { share }) => sum + share, 0)
  if (!(whole > 0) || parts.some(({ share }) => share < 0) || !(mitigation >= 0 && mitigation <= 1)) return null
  let upper = 0
  let lower = 0
  for (const { kind, share } of parts) {
    const bounds = optimismBias[kind][of]
    if (!bounds) return null
    upper += (bounds.upper * share) / whole
    lower += (bounds.lower * share) / whole
  }
  return { percent: Math.max(lower, upper * (1 - mitigation)), upper, lower, source: optimismBiasSource }
}
