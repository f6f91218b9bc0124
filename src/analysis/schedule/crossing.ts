/**
 * Conversion of work from one calendar to another, for callers that need it millions of times: a table of pieces in which the first
 * calendar works and the second either works throughout or not at all. It gives bit for bit what going through the instant gives
 * (`instantOf`, then `workAt` and `sideOf`), because it answers only where every sum is exact: for dates in steps of 1/1024 minute.
 */
import { type CompiledCalendar, minutesPerDay, patternOn, type Shift, shiftsOf, workAt } from '../calendar/calendar.ts'
import { sideOf } from './limits.ts'
import type { Network } from './network.ts'
import { types } from './order.ts'

export type Crossing = {
  /**
   * Work of the first calendar before which, and from which on, nothing is known; work of the second where that is; and buckets for
   * each minute of work. An array, because V8 13.6 was seen to leave the fraction of an earlier crossing in a field of a later one.
   */
  readonly range: Float64Array
  /** Three numbers for each piece: work of the first and of the second calendar where it begins, and 1 where the second works. */
  readonly pieces: Float64Array
  /** For each piece: side of its beginning and, in the second place, of what lies after that. */
  readonly sides: Uint8Array
  /** The last piece that begins before each bucket. */
  readonly bucket: Int32Array
}

const isOnGrid = (minutes: number): boolean => Math.floor(minutes * 1024) === minutes * 1024

/**
 * Writes into `hand` the work and the side in the second calendar of a date given as work and side of the first, and of a lag ≥ 0
 * in working time of the second calendar after it. False, with nothing usable written, if it does not know.
 */
export function cross(crossing: Crossing, work: number, side: number, lag: number, hand: Float64Array): boolean {
  const { range, pieces } = crossing
  if (!(work > range[0]! && work < range[1]! && isOnGrid(work))) return false
  let piece = crossing.bucket[((work - range[0]!) * range[3]!) | 0]!
  // What ends where a piece begins still belongs to the previous one.
  while (pieces[3 * piece + 3]! <= work && (side === 1 || pieces[3 * piece + 3]! < work)) piece++
  const rest = work - pieces[3 * piece]!
  // A bucket that pointed too far: never seen with valid numbers, but trusting it would give a wrong date.
  if (!(rest > 0 || (rest === 0 && side === 1))) return false
  const reached = pieces[3 * piece + 1]! + rest * pieces[3 * piece + 2]! + lag
  // Beyond, it is unknown whether any work is done at all.
  if (lag !== 0 && !(reached <= range[2]! && isOnGrid(reached))) return false
  hand[0] = reached
  hand[1] = lag === 0 ? crossing.sides[2 * piece + (rest > 0 ? 1 : 0)]! : 0
  return true
}

/** Pieces of all crossings of a network together: about fifty megabytes. */
const maxPieces = 2_000_000

/**
 * By link, for dates between two instants: crossings for pairs of calendars that so many `schedules` meet often enough to be
 * worth the table.
 */
export function crossingsOf(network: Network, from: number, to: number, schedules: number): (Crossing | null)[] {
  const { calendars, calendar, linkFrom, linkTo, linkType, linkPlain } = network
  const pairs = Array.from(linkFrom, (node, link) => {
    const [first, second] = [calendar[node]!, calendar[linkTo[link]!]!]
    if (linkPlain[link] === 1 || linkType[link] === types.within || calendars[first] === calendars[second]) return -1
    return first * calendars.length + second
  })
  const met = new Map<number, number>()
  for (const pair of pairs) met.set(pair, (met.get(pair) ?? 0) + 1)
  const [firstDay, endDay] = [Math.floor(from / minutesPerDay), Math.ceil(to / minutesPerDay)]
  const known = new Map<number, Crossing | null>([[-1, null]])
  let room = maxPieces
  return pairs.map((pair) => {
    let crossing = known.get(pair)
    if (crossing === undefined) {
      const worth = Math.min(room, (met.get(pair)! * schedules) / 16)
      crossing = crossingOf(
        network,
        Math.floor(pair / calendars.length),
        pair % calendars.length,
        firstDay,
        endDay,
        worth,
      )
      if (crossing) room -= crossing.sides.length / 2
      known.set(pair, crossing)
    }
    return crossing
  })
}

/** For any day, the stretches of its minutes in which the first calendar works and the second does either throughout or not at all. */
function stretchesOf(first: CompiledCalendar, second: CompiledCalendar): (day: number) => readonly Shift[] {
  const known = new Map<number, Shift[]>()
  return (day) => {
    const [own, other] = [patternOn(first, day), patternOn(second, day)]
    const key = own * 65_536 + other
    let stretches = known.get(key)
    if (!stretches) {
      const changes = shiftsOf(second, other).flat()
      stretches = shiftsOf(first, own).flatMap(([begin, end]) => {
        const cuts = [begin, ...changes.filter((minute) => minute > begin && minute < end), end]
        return cuts.slice(1).map((until, index): Shift => [cuts[index]!, until])
      })
      known.set(key, stretches)
    }
    return stretches
  }
}

/** Null where it would have more than `most` pieces, or shifts that do not lie on whole steps. */
function crossingOf(
  network: Network,
  first: number,
  second: number,
  firstDay: number,
  endDay: number,
  most: number,
): Crossing | null {
  const workIn = (calendar: number, instant: number) =>
    calendar === 0 ? instant : workAt(network.calendars[calendar]!, instant)
  const sideIn = (work: number, instant: number) =>
    second === 0 ? 0 : sideOf(network.calendars[second]!, work, instant)
  const pieces: number[] = []
  const sides: number[] = []
  const stretchesOn = stretchesOf(network.calendars[first]!, network.calendars[second]!)
  for (let day = firstDay; day < endDay; day++) {
    const midnight = day * minutesPerDay
    for (const [minute, until] of stretchesOn(day)) {
      const work = workIn(first, midnight + minute)
      const reached = workIn(second, midnight + minute)
      const after = workIn(second, midnight + until)
      const isExact = isOnGrid(minute) && isOnGrid(until) && isOnGrid(work) && isOnGrid(reached)
      if (!isExact || sides.length / 2 >= most) return null
      pieces.push(work, reached, after > reached ? 1 : 0)
      sides.push(sideIn(reached, midnight + minute), sideIn(after, midnight + until))
    }
  }
  const count = sides.length / 2
  if (count === 0) return null
  const [start, last] = [pieces[0]!, workIn(first, endDay * minutesPerDay)]
  const lastReached = workIn(second, endDay * minutesPerDay)
  if (!isOnGrid(last) || !isOnGrid(lastReached)) return null
  pieces.push(last)
  // A power of two, so that the bucket of a date is exact; at most a fourth of the mean piece, so that most dates need no search.
  const bucketShare = 2 ** (3 - Math.ceil(Math.log2((last - start) / count)))
  const bucket = new Int32Array(Math.floor((last - start) * bucketShare) + 1)
  for (let index = 0, piece = 0; index < bucket.length; index++) {
    while (piece + 1 < count && pieces[3 * piece + 3]! < start + index / bucketShare) piece++
    bucket[index] = piece
  }
  return {
    range: Float64Array.of(start, last, lastReached, bucketShare),
    pieces: Float64Array.from(pieces),
    sides: Uint8Array.from(sides),
    bucket,
  }
}
