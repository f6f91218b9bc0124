/** How much of one resource is in use over time: a step function, updated in place. */

export type Profile = {
  /** Step i holds from `times[i]` to before `times[i + 1]`; the first begins at −Infinity, the last never ends. */
  times: Float64Array
  used: Float64Array
  count: number
}

export function openProfile(): Profile {
  const profile = { times: new Float64Array(32), used: new Float64Array(32), count: 0 }
  clearProfile(profile)
  return profile
}

/** Nothing is in use. */
export function clearProfile(profile: Profile): void {
  profile.count = 1
  profile.times[0] = Number.NEGATIVE_INFINITY
  profile.used[0] = 0
}

/** The step in which a time lies. */
export function stepAt({ times, count }: Profile, time: number): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (times[middle]! <= time) low = middle
    else high = middle - 1
  }
  return low
}

/** The earliest time from `from` on at which no more than `room` is in use for `length`. */
export function earliestRoom(profile: Profile, from: number, length: number, room: number): number {
  const { times, used, count } = profile
  let step = stepAt(profile, from)
  let time = from
  for (;;) {
    while (used[step]! > room) {
      step += 1
      time = times[step]!
    }
    const end = time + length
    let next = step + 1
    while (next < count && times[next]! < end && used[next]! <= room) next += 1
    if (next >= count || times[next]! >= end) return time
    step = next
  }
}

/** Uses `amount` more from one time to another. */
export function use(profile: Profile, from: number, to: number, amount: number): void {
  if (!(to > from)) return
  const first = cut(profile, from)
  const last = cut(profile, to)
  for (let step = first; step < last; step += 1) profile.used[step] = profile.used[step]! + amount
  // Only at the ends can neighbours have become equal; so a resource booked for years stays one step.
  join(profile, last)
  join(profile, first)
}

/** Removes a step equal to the one before it. */
function join(profile: Profile, step: number): void {
  if (profile.used[step] !== profile.used[step - 1]) return
  profile.times.copyWithin(step, step + 1, profile.count)
  profile.used.copyWithin(step, step + 1, profile.count)
  profile.count -= 1
}

/** Makes a step begin at a time; returns its index. */
function cut(profile: Profile, time: number): number {
  const step = stepAt(profile, time)
  if (profile.times[step] === time) return step
  if (profile.count === profile.times.length) {
    const [times, used] = [profile.times, profile.used]
    profile.times = new Float64Array(2 * times.length)
    profile.used = new Float64Array(2 * used.length)
    profile.times.set(times)
    profile.used.set(used)
  }
  profile.times.copyWithin(step + 2, step + 1, profile.count)
  profile.used.copyWithin(step + 2, step + 1, profile.count)
  profile.times[step + 1] = time
  profile.used[step + 1] = profile.used[step]!
  profile.count += 1
  return step + 1
}
