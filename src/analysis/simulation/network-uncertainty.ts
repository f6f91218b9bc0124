/**
 * What a network in JSON says about uncertainty: estimates of durations, costs, risks and what moves together. The plan itself
 * is read by `../schedule/network-json.ts`; `docs/reference/plan-network.md` describes both for people.
 */
import type { FileProblem, NamedPlan } from '../schedule/named-plan.ts'
import { networkDay, valueText } from '../schedule/network-json.ts'
import { elapsed } from '../schedule/plan.ts'
import type { Correlations } from './correlation.ts'
import { type ActivityCost, costName, durationName, type PlanRisk, type PlanSimulationInput } from './plan.ts'
import { readDistribution } from './read-distribution.ts'
import type { Distribution } from './variable.ts'

export type Uncertainty = Pick<
  PlanSimulationInput,
  'names' | 'durations' | 'costs' | 'costPerDay' | 'risks' | 'correlations'
>

export type ReadUncertainty = { readonly uncertainty: Uncertainty | null; readonly problems: readonly FileProblem[] }

type Keyed = Readonly<Record<string, unknown>>
const isKeyed = (value: unknown): value is Keyed => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const maxProblems = 1000

/** Names that streams of draws follow: the numbers or ids of the file. */
export const namesOf = ({ named }: NamedPlan): string[] => named.map(({ uid }) => String(uid))

/** Reads everything uncertain; `json` is what `read` was read from. */
export function readUncertainty(json: unknown, read: NamedPlan): ReadUncertainty {
  const reader = new UncertaintyReader(read)
  const uncertainty = reader.read(isKeyed(json) ? json : {})
  return { uncertainty: reader.problems.length > 0 ? null : uncertainty, problems: reader.problems }
}

class UncertaintyReader {
  readonly problems: FileProblem[] = []
  readonly #read: NamedPlan
  readonly #names: readonly string[]
  readonly #places: ReadonlyMap<string, number>

  constructor(read: NamedPlan) {
    this.#read = read
    this.#names = namesOf(read)
    this.#places = new Map(this.#names.map((name, index) => [name, index]))
  }

  read(json: Keyed): Uncertainty {
    const entries = listOf(json.activities).map((each) => (isKeyed(each) ? each : {}))
    const durations = entries.map(({ duration }, index) =>
      isKeyed(duration) ? this.#quantity(duration, `/activities/${index}/duration`, this.#dayOf(index), index) : null,
    )
    const costs = entries.map((entry, index) => this.#cost(entry, index))
    const risks = listOf(json.risks).map((each, index) => this.#risk(isKeyed(each) ? each : {}, `/risks/${index}`))
    const groups = listOf(json.correlations).flatMap((each, index) =>
      this.#correlation(isKeyed(each) ? each : {}, `/correlations/${index}`),
    )
    const costPerDay = json.costPerDay === undefined ? undefined : this.#number(json.costPerDay, '/costPerDay')
    return { names: this.#names, durations, costs, costPerDay, risks, correlations: { groups } }
  }

  #report(code: string, at: string, activity: number | null = null, values: FileProblem['values'] = {}): void {
    if (this.problems.length >= maxProblems) return
    const known = activity === null ? null : this.#read.named[activity]!
    const name = known === null ? null : known.name === String(known.uid) ? known.name : `${known.uid} ${known.name}`
    this.problems.push({ code, severity: 'stop', line: null, at, activity: name, values })
  }

  #quantity(value: unknown, at: string, unit: number, activity: number | null = null): Distribution | null {
    const found = readDistribution(value, unit)
    if ('kind' in found) return found
    const text = valueText(isKeyed(value) ? (value[found.at] ?? value.kind ?? '') : value).slice(0, 40)
    const place = found.at === '' ? at : `${at}/${found.at}`
    this.#report(`quantity.${found.problem}`, place, activity, { text, key: found.at.slice(0, 40) })
    return null
  }

  #number(value: unknown, at: string, activity: number | null = null): number {
    if (typeof value === 'number' && Number.isFinite(value)) return value
    this.#report('quantity.not-a-number', at, activity, { text: valueText(value).slice(0, 40), key: '' })
    return 0
  }

  /** Minutes of a day in which durations of this activity are counted. */
  #dayOf(activity: number): number {
    return this.#read.plan.activities[activity]?.calendar === elapsed ? 1440 : networkDay
  }

  #cost({ cost, costPerDay }: Keyed, activity: number): ActivityCost | null {
    if (cost === undefined && costPerDay === undefined) return null
    const at = `/activities/${activity}`
    const fixed = cost === undefined ? null : this.#quantity(cost, `${at}/cost`, 1, activity)
    const perDay = costPerDay === undefined ? 0 : this.#number(costPerDay, `${at}/costPerDay`, activity)
    return { ...(fixed ? { fixed } : {}), perMinute: perDay / this.#dayOf(activity) }
  }

  #risk(risk: Keyed, at: string): PlanRisk {
    const { id, name, chance, activities, delay, cost, mitigated, ...others } = risk
    this.#onlyKnown(others, at)
    if (typeof id !== 'string' && typeof id !== 'number') this.#report('risk.id-missing', at)
    const effects = (from: Keyed, place: string) => ({
      delay:
        from.delay === undefined ? undefined : (this.#quantity(from.delay, `${place}/delay`, networkDay) ?? undefined),
      cost: from.cost === undefined ? undefined : (this.#quantity(from.cost, `${place}/cost`, 1) ?? undefined),
    })
    const after = isKeyed(mitigated) ? mitigated : null
    const { chance: chanceAfter, delay: _delay, cost: _cost, price, ...unknown } = after ?? {}
    this.#onlyKnown(unknown, `${at}/mitigated`)
    return {
      name: valueText(id),
      chance: this.#chance(chance, `${at}/chance`),
      hits: listOf(activities).flatMap((each, index) => this.#place(each, `${at}/activities/${index}`) ?? []),
      ...effects({ delay, cost }, at),
      ...(after
        ? {
            mitigated: {
              ...(chanceAfter === undefined ? {} : { chance: this.#chance(chanceAfter, `${at}/mitigated/chance`) }),
              ...effects(after, `${at}/mitigated`),
              price: price === undefined ? 0 : this.#number(price, `${at}/mitigated/price`),
            },
          }
        : {}),
    }
  }

  #chance(value: unknown, at: string): number {
    if (typeof value === 'number' && value >= 0 && value <= 1) return value
    this.#report('risk.chance', at, null, { text: valueText(value).slice(0, 40) })
    return 0
  }

  #place(id: unknown, at: string): number | null {
    const place = this.#places.get(valueText(id))
    if (place !== undefined) return place
    this.#report('activity-unknown', at, null, { text: valueText(id).slice(0, 40) })
    return null
  }

  #correlation(value: Keyed, at: string): NonNullable<Correlations['groups']> {
    const { activities, rank, of = 'duration', ...others } = value
    this.#onlyKnown(others, at)
    if (of !== 'duration' && of !== 'cost')
      this.#report('correlation.of', `${at}/of`, null, { text: valueText(of).slice(0, 40) })
    const name = of === 'cost' ? costName : durationName
    const members = listOf(activities).flatMap((each, index) => {
      const place = this.#place(each, `${at}/activities/${index}`)
      return place === null ? [] : [name(this.#names[place]!)]
    })
    if (members.length < 2) this.#report('correlation.too-few', `${at}/activities`)
    if (typeof rank !== 'number' || !(Math.abs(rank) <= 1))
      this.#report('correlation.rank', `${at}/rank`, null, { text: valueText(rank).slice(0, 40) })
    return typeof rank === 'number' ? [{ members, rank }] : []
  }

  #onlyKnown(others: Keyed, at: string): void {
    for (const key of Object.keys(others)) this.#report('key-unknown', `${at}/${key}`, null, { key: key.slice(0, 40) })
  }
}

/**
 * The same estimate, as shares of the planned duration, for every activity that has none of its own and is not done: for plans
 * from programs without estimates.
 */
export function spreadOver(
  read: NamedPlan,
  durations: Uncertainty['durations'],
  [min, mode, max]: readonly [number, number, number],
): Uncertainty['durations'] {
  const summaries = new Set(read.plan.activities.map(({ parent }) => parent))
  return read.plan.activities.map(({ duration, actualFinish, fixed, inactive }, index) => {
    const own = durations[index]
    if (own || summaries.has(index) || duration === 0 || actualFinish !== undefined || fixed || inactive)
      return own ?? null
    return { kind: 'triangular', min: min * duration, mode: mode * duration, max: max * duration }
  })
}
