/** Projects with scarce resources: the PSPLIB format, and invented ones like those of its set j30. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Need, type Precedence, type Project, projectOf } from '#analysis/levelling/project.ts'
import { seeded } from '#analysis/random.ts'

const published = join(import.meta.dirname, '../../../shared/data/plans/psplib/j301_1.sm')

/** The published instance j301_1, or undefined if the folder of real data is not next to the repository. */
export const j301 = (): Project | undefined =>
  existsSync(published) ? readPsplib(readFileSync(published, 'utf8')) : undefined

/** A project in PSPLIB's single-mode format. */
export function readPsplib(text: string): Project {
  const lines = text.split('\n').map((line) => line.trim())
  const after = (head: string) => lines.findIndex((line) => line.startsWith(head)) + 1
  const table = (from: number) => {
    const rows = lines.slice(from).map((line) => line.split(/\s+/).map(Number))
    return rows.slice(
      0,
      rows.findIndex((row) => row.some(Number.isNaN)),
    )
  }
  const requests = table(after('jobnr. mode') + 1)
  const durations = requests.map((row) => row[2]!)
  return projectOf(
    durations,
    table(after('jobnr.    #modes')).flatMap(([job, , , ...followers]) =>
      followers.map((follower) => ({ from: job! - 1, to: follower - 1, lag: durations[job! - 1]! })),
    ),
    requests.flatMap(([job, , , ...amounts]) =>
      amounts.flatMap((amount, resource) => (amount > 0 ? [{ activity: job! - 1, resource, amount }] : [])),
    ),
    table(after('RESOURCEAVAILABILITIES') + 1)[0]!,
  ) as Project
}

/**
 * Thirty activities and four resources, drawn as the generator ProGen does: network complexity 1.5 to 2.1, a quarter to
 * all of the resources asked for by each activity, and a strength of the resources of 0.2 to 0.7.
 */
export function likeJ30(seed: number): Project {
  const random = seeded(seed)
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1))
  const count = 30
  const durations = Array.from({ length: count }, () => whole(1, 10))
  const waits = new Map<string, Precedence>()
  const wait = (from: number, to: number) => void waits.set(`${from} ${to}`, { from, to, lag: durations[from]! })
  for (let index = 3; index < count; index += 1) wait(whole(Math.max(0, index - 12), index - 1), index)
  while (waits.size < [1.5, 1.8, 2.1][seed % 3]! * count) {
    const from = whole(0, count - 2)
    wait(from, whole(from + 1, Math.min(count - 1, from + 12)))
  }
  const factor = [0.25, 0.5, 0.75, 1][(seed >> 1) % 4]!
  const needs: Need[] = []
  for (let activity = 0; activity < count; activity += 1)
    for (let resource = 0; resource < 4; resource += 1)
      if (random() < factor) needs.push({ activity, resource, amount: whole(1, 10) })
  const early = new Float64Array(count)
  for (const { from, to, lag } of [...waits.values()].sort((left, right) => left.to - right.to))
    early[to] = Math.max(early[to]!, early[from]! + lag)
  const strength = [0.2, 0.5, 0.7][(seed >> 3) % 3]!
  const capacities = [0, 1, 2, 3].map((resource) => {
    const own = needs.filter((need) => need.resource === resource)
    const most = Math.max(0, ...own.map(({ amount }) => amount))
    const peak = Math.max(
      most,
      ...own.map(({ activity }) =>
        own
          .filter(
            (each) =>
              early[each.activity]! <= early[activity]! &&
              early[activity]! < early[each.activity]! + durations[each.activity]!,
          )
          .reduce((sum, { amount }) => sum + amount, 0),
      ),
    )
    return Math.round(most + strength * (peak - most))
  })
  return projectOf(durations, [...waits.values()], needs, capacities) as Project
}
