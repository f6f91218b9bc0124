/**
 * Claims on a measured change. What can be claimed is the change *against the stated counterfactual*; several benefits,
 * often of several plans, may claim the same movement. An overlap is settled by an agreed split or a note and is a finding,
 * never an error (`measures` §7).
 */

/** What one benefit claims of a movement. */
export type Claim = {
  readonly claimant: string
  readonly movement: string
  /** The plan the claimant belongs to; null if none. */
  readonly plan: string | null
  /** In the unit of the movement, better = positive; null if no part was stated. */
  readonly amount: number | null
}

/** A movement of one measure, better = positive, all in its unit. */
export type Movement = {
  readonly id: string
  /** From the baseline to the value that the claims refer to; null while unmeasured. */
  readonly change: number | null
  /** What would have changed anyway, as stated; null if nobody has stated it. */
  readonly counterfactual: number | null
  /** Shares agreed among the claimants, in percent of what can be claimed. */
  readonly split?: ReadonlyMap<string, number>
  /** True if a note settles the overlap. */
  readonly noted?: boolean
}

export type ClaimFinding = {
  /**
   * 'over': more is claimed than there is. 'overlap': several claim it without an agreement. 'split': the agreed shares
   * add up to more than 100 %, leave a claimant out, or a claim exceeds its share. 'no-counterfactual': it is claimed, but
   * nobody has said what would have happened anyway.
   */
  readonly finding: 'over' | 'overlap' | 'split' | 'no-counterfactual'
  readonly movement: string
  /** What can be claimed: change less counterfactual, never below 0; null if unknown. */
  readonly available: number | null
  readonly claimed: number
  /** In the order given; two plans that claim one movement are named together. */
  readonly claimants: readonly string[]
  readonly plans: readonly string[]
}

/** At most one finding for each movement, in the order given. Claims on other movements are ignored. */
export function claimFindings(movements: readonly Movement[], claims: readonly Claim[]): ClaimFinding[] {
  const byMovement = Map.groupBy(claims, ({ movement }) => movement)
  return movements.flatMap((movement): ClaimFinding[] => {
    const own = byMovement.get(movement.id) ?? []
    if (own.length === 0) return []
    const available = availableOf(movement)
    const finding = findingOf(movement, own, available)
    if (finding === null) return []
    return [
      {
        finding,
        movement: movement.id,
        available,
        claimed: own.reduce((sum, { amount }) => sum + (amount ?? 0), 0),
        claimants: [...new Set(own.map(({ claimant }) => claimant))],
        plans: [...new Set(own.flatMap(({ plan }) => (plan === null ? [] : [plan])))],
      },
    ]
  })
}

function availableOf({ change, counterfactual }: Movement): number | null {
  return change === null || counterfactual === null ? null : Math.max(0, change - counterfactual)
}

/** More than rounding: a millionth of the larger one. */
const exceeds = (value: number, limit: number) => value - limit > 1e-6 * Math.max(Math.abs(value), Math.abs(limit))

function findingOf(
  movement: Movement,
  claims: readonly Claim[],
  available: number | null,
): ClaimFinding['finding'] | null {
  const { split } = movement
  const amounts = Map.groupBy(claims, ({ claimant }) => claimant)
  const claimed = (claimant: string) => amounts.get(claimant)!.reduce((sum, { amount }) => sum + (amount ?? 0), 0)
  const total = claims.reduce((sum, { amount }) => sum + (amount ?? 0), 0)
  if (movement.noted) return null
  if (available !== null && exceeds(total, available)) return 'over'
  if (split) {
    const shares = [...split.values()].reduce((sum, share) => sum + share, 0)
    if (exceeds(shares, 100)) return 'split'
    for (const claimant of amounts.keys()) {
      const share = split.get(claimant)
      if (share === undefined) return 'split'
      if (available !== null && exceeds(claimed(claimant), (available * share) / 100)) return 'split'
    }
  } else if (amounts.size > 1) return 'overlap'
  return movement.counterfactual === null && total > 0 ? 'no-counterfactual' : null
}
