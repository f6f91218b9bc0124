/** Minimum of a function of a few variables by the simplex method of Nelder & Mead (1965). */

export type Minimum = { readonly at: number[]; readonly value: number }

/**
 * Searches from `start` with first steps of `step`; stops when the simplex is flat (relative `tolerance`) or after
 * `evaluations`. The function may return Infinity outside its domain.
 */
export function minimize(
  of: (point: readonly number[]) => number,
  start: readonly number[],
  step: readonly number[],
  { tolerance = 1e-10, evaluations = 2000 }: { tolerance?: number; evaluations?: number } = {},
): Minimum {
  const size = start.length
  const simplex: Minimum[] = [{ at: [...start], value: of(start) }]
  for (let index = 0; index < size; index += 1) {
    const at = [...start]
    at[index] = at[index]! + step[index]!
    simplex.push({ at, value: of(at) })
  }
  let used = size + 1
  const blend = (centre: readonly number[], from: readonly number[], factor: number): Minimum => {
    const at = centre.map((value, index) => value + factor * (from[index]! - value))
    used += 1
    return { at, value: of(at) }
  }
  while (used < evaluations) {
    simplex.sort((a, b) => a.value - b.value)
    const [best, worst] = [simplex[0]!, simplex[size]!]
    if (Math.abs(worst.value - best.value) <= tolerance * (Math.abs(best.value) + tolerance)) break
    const centre = best.at.map((_, index) => simplex.slice(0, size).reduce((sum, { at }) => sum + at[index]!, 0) / size)
    const reflected = blend(centre, worst.at, -1)
    if (reflected.value < best.value) {
      const expanded = blend(centre, worst.at, -2)
      simplex[size] = expanded.value < reflected.value ? expanded : reflected
    } else if (reflected.value < simplex[size - 1]!.value) simplex[size] = reflected
    else {
      const contracted = reflected.value < worst.value ? blend(centre, reflected.at, 0.5) : blend(centre, worst.at, 0.5)
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[size] = contracted
      else for (let index = 1; index <= size; index += 1) simplex[index] = blend(best.at, simplex[index]!.at, 0.5)
    }
  }
  simplex.sort((a, b) => a.value - b.value)
  return simplex[0]!
}
