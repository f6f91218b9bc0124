/**
 * The indicators of the demo city: their specifications, and the numbers computed from them. The same day gives the
 * same numbers.
 */
import { dayFor, sampleRef, type SampleText as Text } from '#platform/samples.ts'
import type { Day } from '#values/period.ts'
import answers from './answers.json' with { type: 'json' }
import care from './care.json' with { type: 'json' }
import clean from './clean.json' with { type: 'json' }
import health from './health.json' with { type: 'json' }
import homes from './homes.json' with { type: 'json' }
import mobility from './mobility.json' with { type: 'json' }
import safe from './safe.json' with { type: 'json' }
import { bendIndex, measurementsOf, storyPeriods } from './series.ts'
import type { IndicatorSpecification } from './specification.ts'
import type { DemoIndicator, DemoTarget } from './types.ts'
import words from './words.json' with { type: 'json' }
import work from './work.json' with { type: 'json' }

/** The indicators as written, before numbers are computed from their stories. */
export const indicatorSpecifications: readonly IndicatorSpecification[] = [
  clean,
  safe,
  mobility,
  homes,
  health,
  care,
  work,
  answers,
].flat() as unknown as IndicatorSpecification[]

/** First day of the plan whose totals are added up. */
const planFrom = 'Y-4-01-01'

const optionalRef = (kind: string, name: string | undefined) => (name === undefined ? undefined : sampleRef(kind, name))

/** Drops members that are undefined, so that the data survive a round trip through JSON. */
function tidy<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}

function textOf(table: Readonly<Record<string, Text>>, key: string): Text {
  const text = table[key]
  if (!text) throw new Error(`words.json has no entry "${key}".`)
  return text
}

function targetOf(target: IndicatorSpecification['targets'][number], today: Day): DemoTarget {
  const setOn = dayFor(target.setOn, today)
  return tidy({
    ...target,
    from: setOn,
    setOn,
    dueOn: target.dueOn === undefined ? undefined : dayFor(target.dueOn, today),
    why: target.why === undefined ? undefined : textOf(words.reasons, target.why),
  })
}

function indicatorOf(spec: IndicatorSpecification, today: Day, from: Day): DemoIndicator {
  const { story, source, method, measures, targets, ...plain } = spec
  const [kind, name] = measures.split(':')
  const periods = storyPeriods(spec, today, from)
  const bend = periods[bendIndex(story, periods.length)]!.from
  return tidy({
    ...plain,
    ref: sampleRef('indicator', spec.ref),
    state: spec.owner === undefined ? ('draft' as const) : ('agreed' as const),
    measures: [sampleRef(kind!, name!)],
    organisation: optionalRef('org', spec.organisation),
    owner: optionalRef('post', spec.owner),
    source: textOf(words.sources, source),
    method: textOf(words.methods, method),
    rareEvents: story.shape === 'rare' ? true : undefined,
    measurements: measurementsOf(spec, periods),
    targets: targets.map((target) => targetOf(target, today)),
    breaks: story.breakReason === undefined ? [] : [{ on: bend, reason: textOf(words.breaks, story.breakReason) }],
    directions:
      story.directionChange === undefined
        ? undefined
        : [
            {
              from: periods[0]!.from,
              direction: 'down' as const,
              reason: textOf(words.directions, `${story.directionChange}-before`),
            },
            { from: bend, direction: spec.direction, reason: textOf(words.directions, story.directionChange) },
          ],
  })
}

/** All of them as of a given day. About 8,000 measurements; takes some tens of milliseconds. */
export function demoIndicators(today: Day): DemoIndicator[] {
  const from = dayFor(planFrom, today)
  return indicatorSpecifications.map((spec) => indicatorOf(spec, today, from))
}
