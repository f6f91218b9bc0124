/** "Did you mean …": the name closest to one that was not found. */

/** The candidate with the smallest edit distance, if that is at most a third of the name's length; else ''. */
export function nearest(name: string, candidates: Iterable<string>): string {
  const wanted = simple(name)
  let best = ''
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    const given = simple(candidate)
    if (Math.abs(given.length - wanted.length) >= least) continue
    const distance = editDistance(wanted, given)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

function simple(name: string): string {
  return name
    .slice(0, 100)
    .toLowerCase()
    .replace(/[\s._-]+/g, '')
}

/** Levenshtein distance, row by row. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const change = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[right.length]!
}
