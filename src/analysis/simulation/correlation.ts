/**
 * Which uncertain quantities move together, prepared for drawing. Correlations are rank correlations (Spearman): what
 * people can judge, and what stays the same when a quantity is stretched. Normal scores take 2 sin(π ρ ÷ 6) of it
 * (Pearson 1907).
 */

export type Correlations = {
  readonly pairs?: readonly { readonly a: string; readonly b: string; readonly rank: number }[]
  /** Every two members have the same correlation: a common driver such as weather, soil or one supplier. */
  readonly groups?: readonly { readonly members: readonly string[]; readonly rank: number }[]
}

export type CorrelationProblem = {
  readonly problem:
    | 'unknown-variable'
    | 'with-itself'
    | 'out-of-range'
    | 'said-twice'
    /** No quantities can move together in this way: if A goes with B and B with C, A cannot go against C. */
    | 'impossible-together'
    | 'too-many-together'
  readonly names: readonly string[]
}

/** Most quantities that may be correlated in pairs: the cost of a draw grows with the square. */
export const maxTogether = 1000
const maxPairs = 1_000_000

/** How the scores of a few quantities are mixed; `members` are indices of variables. */
export type Mixing =
  /** score = load × common + √(1 − load²) × own */
  | { readonly kind: 'driver'; readonly members: readonly number[]; readonly load: number; readonly key: string }
  /** scores = lower × own; row by row, square */
  | { readonly kind: 'matrix'; readonly members: readonly number[]; readonly lower: Float64Array }

const scoreCorrelation = (rank: number) => 2 * Math.sin((Math.PI * rank) / 6)

type Pair = { readonly a: number; readonly b: number; readonly rank: number }

/** Mixings for the variables with these names, in their order; or what is wrong and with whom. */
export function compileCorrelations(
  names: readonly string[],
  { pairs = [], groups = [] }: Correlations,
): readonly Mixing[] | CorrelationProblem {
  const places = new Map(names.map((name, index) => [name, index]))
  for (const { rank, members } of [
    ...pairs.map(({ a, b, rank }) => ({ rank, members: [a, b] })),
    ...groups.map(({ members, rank }) => ({ rank, members })),
  ]) {
    const unknown = members.filter((name) => !places.has(name))
    if (unknown.length > 0) return { problem: 'unknown-variable', names: unknown }
    if (new Set(members).size < members.length) return { problem: 'with-itself', names: members }
    if (!(Math.abs(rank) <= 1)) return { problem: 'out-of-range', names: members }
  }
  const inPairs = new Set(pairs.flatMap(({ a, b }) => [a, b]))
  const seen = new Map<string, number>()
  for (const name of groups.flatMap(({ members }) => members)) seen.set(name, (seen.get(name) ?? 0) + 1)
  const mixings: Mixing[] = []
  const all: Pair[] = pairs.map(({ a, b, rank }) => ({ a: places.get(a)!, b: places.get(b)!, rank }))
  for (const { members, rank } of groups) {
    const own = members.map((name) => places.get(name)!)
    const alone = members.every((name) => seen.get(name) === 1 && !inPairs.has(name))
    if (alone && rank >= 0) {
      if (members.length > 1 && rank > 0)
        mixings.push({
          kind: 'driver',
          members: own,
          load: Math.sqrt(scoreCorrelation(rank)),
          key: [...members].sort().join('\n'),
        })
      continue
    }
    if (members.length > maxTogether) return { problem: 'too-many-together', names: members }
    if (all.length + (members.length * (members.length - 1)) / 2 > maxPairs)
      return { problem: 'too-many-together', names: members }
    for (const [index, a] of own.entries()) for (const b of own.slice(index + 1)) all.push({ a, b, rank })
  }
  const matrices = matrixMixings(names, all)
  return 'problem' in matrices ? matrices : [...mixings, ...matrices]
}

function matrixMixings(names: readonly string[], pairs: readonly Pair[]): Mixing[] | CorrelationProblem {
  const known = new Map<string, number>()
  const near = new Map<number, number[]>()
  const beside = (index: number): number[] => {
    const known = near.get(index) ?? []
    near.set(index, known)
    return known
  }
  for (const { a, b, rank } of pairs) {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`
    if ((known.get(key) ?? rank) !== rank) return { problem: 'said-twice', names: [names[a]!, names[b]!] }
    known.set(key, rank)
    beside(a).push(b)
    beside(b).push(a)
  }
  const mixings: Mixing[] = []
  const done = new Set<number>()
  for (const first of [...near.keys()].sort((a, b) => a - b)) {
    if (done.has(first)) continue
    const cluster = [first]
    done.add(first)
    for (let index = 0; index < cluster.length; index += 1)
      for (const next of near.get(cluster[index]!)!)
        if (!done.has(next)) {
          done.add(next)
          cluster.push(next)
        }
    cluster.sort((a, b) => a - b)
    if (cluster.length > maxTogether)
      return { problem: 'too-many-together', names: cluster.map((index) => names[index]!) }
    const lower = cholesky(cluster.length, (row, column) =>
      scoreCorrelation(known.get(`${cluster[column]} ${cluster[row]}`) ?? 0),
    )
    if (typeof lower === 'number')
      return {
        problem: 'impossible-together',
        names: [...new Set([...cluster.slice(0, lower + 1)])].map((index) => names[index]!),
      }
    mixings.push({ kind: 'matrix', members: cluster, lower })
  }
  return mixings
}

/** Lower triangle whose product with its transpose is the correlation matrix; if there is none, the row that fails. */
function cholesky(size: number, correlation: (row: number, column: number) => number): Float64Array | number {
  const lower = new Float64Array(size * size)
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let left = row === column ? 1 : correlation(row, column)
      for (let index = 0; index < column; index += 1) left -= lower[row * size + index]! * lower[column * size + index]!
      if (row === column) {
        if (left < -1e-9) return row
        lower[row * size + row] = Math.sqrt(Math.max(0, left))
      } else {
        const pivot = lower[column * size + column]!
        // Two that move as one leave nothing to explain; any remainder is a contradiction.
        if (pivot < 1e-7) {
          if (Math.abs(left) > 1e-6) return row
        } else lower[row * size + column] = left / pivot
      }
    }
  }
  return lower
}
