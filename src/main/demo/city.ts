/**
 * Averlind, the demo city: an invented river city of about 640,000 people. Texts stand in `texts/`, indicators and the
 * stories of their numbers in `indicators/`. Pure: no clock, no database; the same day gives the same city.
 */
import type { Day } from '#values/period.ts'
import { districts } from './districts.ts'
import answers from './indicators/answers.json' with { type: 'json' }
import care from './indicators/care.json' with { type: 'json' }
import clean from './indicators/clean.json' with { type: 'json' }
import health from './indicators/health.json' with { type: 'json' }
import homes from './indicators/homes.json' with { type: 'json' }
import mobility from './indicators/mobility.json' with { type: 'json' }
import safe from './indicators/safe.json' with { type: 'json' }
import work from './indicators/work.json' with { type: 'json' }
import { bendIndex, cityFiscalYear, measurementsOf, storyPeriods } from './series.ts'
import type { IndicatorSpecification } from './specification.ts'
import accounts from './texts/accounts.json' with { type: 'json' }
import commitments from './texts/commitments.json' with { type: 'json' }
import objectives from './texts/objectives.json' with { type: 'json' }
import organisations from './texts/organisations.json' with { type: 'json' }
import outcomes from './texts/outcomes.json' with { type: 'json' }
import people from './texts/people.json' with { type: 'json' }
import strategy from './texts/plan.json' with { type: 'json' }
import posts from './texts/posts.json' with { type: 'json' }
import words from './texts/words.json' with { type: 'json' }
import type {
  DemoAccount,
  DemoCity,
  DemoIndicator,
  DemoOrganisation,
  DemoOutcome,
  DemoState,
  DemoTarget,
  Text,
} from './types.ts'
import { dayFor } from './when.ts'

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

const ref = (kind: string, name: string): string => `demo:${kind}:${name}`
const stateOf = (owner: string | undefined): DemoState => (owner === undefined ? 'draft' : 'agreed')
const optionalRef = (kind: string, name: string | undefined) => (name === undefined ? undefined : ref(kind, name))

/** Drops members that are undefined, so that the data is the same after a trip through JSON. */
function tidy<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}

function textOf(table: Readonly<Record<string, Text>>, key: string): Text {
  const text = table[key]
  if (!text) throw new Error(`texts/words.json has no entry "${key}".`)
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

function indicatorOf(spec: IndicatorSpecification, today: Day, planFrom: Day): DemoIndicator {
  const { story, source, method, measures, targets, ...plain } = spec
  const [kind, name] = measures.split(':')
  const periods = storyPeriods(spec, today, planFrom)
  const bend = periods[bendIndex(story, periods.length)]!.from
  return tidy({
    ...plain,
    ref: ref('indicator', spec.ref),
    state: stateOf(spec.owner),
    measures: [ref(kind!, name!)],
    organisation: optionalRef('org', spec.organisation),
    owner: optionalRef('post', spec.owner),
    source: textOf(words.sources, source),
    method: textOf(words.methods, method),
    rareEvents: story.shape === 'rare' ? true : undefined,
    measurements: measurementsOf(spec, today, planFrom),
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

/** The demo city as it stands on a day. About 8,000 measurements; takes some tens of milliseconds. */
export function demoCity(today: Day): DemoCity {
  const planFrom = dayFor(strategy.plan.from, today)
  const plan = ref('plan', strategy.plan.ref)
  return {
    title: words.city,
    about: words.about,
    watermark: words.watermark,
    population: districts.reduce((sum, district) => sum + district.residents * 1000, 0),
    timeZone: 'Europe/Paris',
    fiscalCalendar: cityFiscalYear,
    dimensions: [
      {
        code: 'district',
        title: words.dimension,
        members: districts.map(({ code }) => ({ code, title: textOf(words.districts, code) })),
      },
    ],
    organisations: (organisations as DemoOrganisation[]).map((item) =>
      tidy({ ...item, ref: ref('org', item.ref), parent: optionalRef('org', item.parent) }),
    ),
    people: people.map((item) => ({ ...item, ref: ref('person', item.ref) })),
    posts: posts.map((item) => ({
      ref: ref('post', item.ref),
      title: item.title,
      organisation: ref('org', item.organisation),
      holdings: item.holdings.map((holding) =>
        tidy({
          person: ref('person', holding.person),
          from: dayFor(holding.from, today),
          to: 'to' in holding && holding.to !== undefined ? dayFor(holding.to, today) : undefined,
        }),
      ),
    })),
    accounts: (accounts as DemoAccount[]).map((item) => ({
      ...item,
      person: ref('person', item.person),
      organisation: item.organisation === null ? null : ref('org', item.organisation),
    })),
    plans: [
      {
        ref: plan,
        title: strategy.plan.title,
        from: planFrom,
        to: dayFor(strategy.plan.to, today),
        levels: strategy.plan.levels,
      },
    ],
    visions: strategy.visions.map((item) =>
      tidy({
        ref: ref('vision', item.ref),
        plan,
        version: item.version,
        adoptedOn: dayFor(item.adoptedOn, today),
        retired: item.retiredOn === undefined ? undefined : true,
        sentences: item.sentences.map((sentence) =>
          tidy({
            ref: ref('sentence', `${item.ref}-${sentence.ref}`),
            text: sentence.text,
            replaces: 'replaces' in sentence ? optionalRef('sentence', sentence.replaces) : undefined,
          }),
        ),
      }),
    ),
    outcomes: (outcomes as Omit<DemoOutcome, 'state'>[]).map((item) =>
      tidy({
        ...item,
        ref: ref('outcome', item.ref),
        state: stateOf(item.owner),
        organisation: ref('org', item.organisation),
        owner: optionalRef('post', item.owner),
        headlineIndicator: optionalRef('indicator', item.headlineIndicator),
        sentences: item.sentences.map((name) => ref('sentence', `current-${name}`)),
      }),
    ),
    objectives: objectives.map((item) =>
      tidy({
        ...item,
        ref: ref('objective', item.ref),
        state: stateOf(item.owner),
        parent: optionalRef('objective', item.parent),
        outcomes: item.outcomes.map((name) => ref('outcome', name)),
        organisation: ref('org', item.organisation),
        owner: optionalRef('post', item.owner),
      }),
    ),
    commitments: commitments.map((item) =>
      tidy({
        ...item,
        ref: ref('commitment', item.ref),
        state: (item.state as 'kept' | 'missed' | undefined) ?? stateOf(item.owner),
        keptOn: item.keptOn === undefined ? undefined : dayFor(item.keptOn, today),
        dueOn: dayFor(item.dueOn, today),
        outcome: optionalRef('outcome', item.outcome),
        objective: optionalRef('objective', item.objective),
        organisation: ref('org', item.organisation),
        owner: optionalRef('post', item.owner),
      }),
    ),
    indicators: indicatorSpecifications.map((spec) => indicatorOf(spec, today, planFrom)),
  }
}
