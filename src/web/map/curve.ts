/** The path of an arrow: leaves and arrives horizontally, and curves smoothly through its points. */

const short = (value: number) => String(Math.round(value * 10) / 10)

/** Path of a route x0, y0, x1, y1 …; ends before the last point by `head`, the length of its arrowhead. */
export function curve(route: readonly number[], head: number): string {
  const end = route.length - 2
  // The last segment runs right, left, or loops round.
  const forwards = route[end]! >= route[end - 2]! ? 1 : -1
  let path = `M${short(route[0]!)} ${short(route[1]!)}`
  for (let at = 2; at <= end; at += 2) {
    const [x0, y0] = [route[at - 2]!, route[at - 1]!]
    const [x1, y1] = [route[at]! - (at === end ? forwards * head : 0), route[at + 1]!]
    if (y0 === y1 && (end > 2 || forwards > 0)) path += `H${short(x1)}`
    else {
      const bow = Math.max(24, Math.abs(x1 - x0) / 2) * forwards
      path += `C${short(x0 + bow)} ${short(y0)} ${short(x1 - bow)} ${short(y1)} ${short(x1)} ${short(y1)}`
    }
  }
  return path
}

/** The three points of an arrowhead that touches the last point of a route. */
export function arrowhead(route: readonly number[], length: number): string {
  const end = route.length - 2
  const forwards = route[end]! >= route[end - 2]! ? 1 : -1
  const [x, y] = [route[end]!, route[end + 1]!]
  const back = x - forwards * length
  return `M${short(x)} ${short(y)}L${short(back)} ${short(y - length * 0.55)}V${short(y + length * 0.55)}Z`
}

/** The middle of the first segment, where the arrow's number goes. */
export const middleOf = (route: readonly number[]): readonly [number, number] => [
  (route[0]! + route[2]!) / 2,
  (route[1]! + route[3]!) / 2,
]
