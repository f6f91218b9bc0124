/** Roll-ups: counts first and the worst item, never an average of unlike things (`measures` §4, §6). */
import type { Result } from './target.ts'

export type RollupItem<Key> = {
  readonly key: Key
  readonly result: Result
  /** Share by which the target is missed or beaten, for finding the worst; the smaller the worse. */
  readonly relativeGap?: number | null
}

export type Rollup<Key> = {
  readonly total: number
  readonly met: number
  readonly missed: number
  readonly notDue: number
  readonly unknown: number
  /** The missed item furthest from its target; null where none is missed. First given wins a tie. */
  readonly worst: Key | null
}

/** Counts by result and the worst item. */
export function rollUp<Key>(items: readonly RollupItem<Key>[]): Rollup<Key> {
  const count = (result: Result) => items.filter((item) => item.result === result).length
  let worst: RollupItem<Key> | null = null
  for (const item of items) {
    if (item.result !== 'missed') continue
    if (worst === null || (item.relativeGap ?? 0) < (worst.relativeGap ?? 0)) worst = item
  }
  return {
    total: items.length,
    met: count('met'),
    missed: count('missed'),
    notDue: count('not-due'),
    unknown: count('unknown'),
    worst: worst?.key ?? null,
  }
}

/** How an outcome is decided from its indicators. */
export type OutcomeRule<Key> =
  | { readonly rule: 'all' }
  | { readonly rule: 'n-of'; readonly n: number }
  | { readonly rule: 'headline'; readonly key: Key }

export type OutcomeResult = {
  readonly result: Result
  readonly reason: 'no-rule' | 'no-parts' | 'headline-missing' | 'undecided-parts' | 'n-out-of-reach' | null
}

/**
 * Decides an outcome by its rule. Parts that are unknown or not due decide nothing: the result is certain only where
 * they could not turn it. Without a rule it is 'unknown', and why.
 */
export function outcomeResult<Key>(items: readonly RollupItem<Key>[], rule: OutcomeRule<Key> | null): OutcomeResult {
  if (!rule) return { result: 'unknown', reason: 'no-rule' }
  if (items.length === 0) return { result: 'unknown', reason: 'no-parts' }
  if (rule.rule === 'headline') {
    const headline = items.find((item) => item.key === rule.key)
    return headline ? { result: headline.result, reason: null } : { result: 'unknown', reason: 'headline-missing' }
  }
  const needed = rule.rule === 'all' ? items.length : rule.n
  if (needed < 1 || needed > items.length) return { result: 'unknown', reason: 'n-out-of-reach' }
  const { met, missed, unknown } = rollUp(items)
  if (met >= needed) return { result: 'met', reason: null }
  if (missed > items.length - needed) return { result: 'missed', reason: null }
  return { result: unknown > 0 ? 'unknown' : 'not-due', reason: 'undecided-parts' }
}

export type WeightedProgress =
  | { readonly progress: number; readonly weight: number; readonly left: 0 }
  | { readonly problem: 'no-parts' | 'progress-not-defined' | 'weights-not-positive'; readonly left: number }

/**
 * Weighted mean of progress (weights 2 and 3 with 40 % and 20 % give 28 %), only where progress is defined for every
 * part: leaving parts out would change what the weights mean. `left` counts the parts without progress.
 */
export function weightedProgress(
  parts: readonly { readonly weight: number; readonly progress: number | null | undefined }[],
): WeightedProgress {
  if (parts.length === 0) return { problem: 'no-parts', left: 0 }
  const left = parts.filter(({ progress }) => progress === null || progress === undefined).length
  if (left > 0) return { problem: 'progress-not-defined', left }
  if (parts.some(({ weight }) => !(weight > 0) || !Number.isFinite(weight)))
    return { problem: 'weights-not-positive', left: 0 }
  const weight = parts.reduce((sum, part) => sum + part.weight, 0)
  return { progress: parts.reduce((sum, part) => sum + part.weight * part.progress!, 0) / weight, weight, left: 0 }
}
