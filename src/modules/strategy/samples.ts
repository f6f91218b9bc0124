/** Plan, visions, outcomes, objectives and commitments of the demo city. What has no owner stays a draft. */
import type { Change } from '#platform/records/index.ts'
import {
  cityRef,
  dayFor,
  type Sample,
  type SampleCity,
  sampleRecord,
  sampleRef,
  samplesPublished,
} from '#platform/samples.ts'
import { frameChanges, shippedFrames } from './exchange-frame.ts'
import { commitment, objective, outcome, plan, sentence, vision } from './records.ts'
import commitments from './samples/commitments.json' with { type: 'json' }
import objectives from './samples/objectives.json' with { type: 'json' }
import outcomes from './samples/outcomes.json' with { type: 'json' }
import texts from './samples/plan.json' with { type: 'json' }

const planRef = sampleRef('plan', texts.plan.ref)
const stateOf = ({ owner }: { owner?: string }) => (owner === undefined ? 'draft' : 'agreed')
const postOf = (city: SampleCity, name: string | undefined) =>
  name === undefined ? null : city.idOf(sampleRef('post', name))
const bodyOf = (city: SampleCity, name: string) => city.idOf(sampleRef('org', name))

function planAndVisions(city: SampleCity): Change[] {
  const organisation = city.idOf(cityRef)
  const day = (text: string) => dayFor(text, city.today)
  const { plan: written, visions } = texts
  const versions = visions.map((each) => ({ ...each, replaced: 'retiredOn' in each }))
  return [
    sampleRecord(city, plan.kind, planRef, {
      state: 'adopted',
      values: {
        title: written.title,
        from: day(written.from),
        to: day(written.to),
        levels: written.levels,
        organisation,
      },
    }),
    ...versions.map((each) =>
      sampleRecord(city, vision.kind, sampleRef('vision', each.ref), {
        state: each.replaced ? 'replaced' : 'adopted',
        values: {
          title: written.title,
          plan: city.idOf(planRef),
          versionLabel: String(each.version),
          adoptedOn: day(each.adoptedOn),
          organisation,
        },
      }),
    ),
    ...versions.flatMap((version) =>
      version.sentences.map((each: Sentence, index) =>
        sampleRecord(city, sentence.kind, sentenceRef(version.ref, each.ref), {
          state: version.replaced ? 'replaced' : 'standing',
          values: {
            title: each.text,
            vision: city.idOf(sampleRef('vision', version.ref)),
            position: index + 1,
            replaces: each.replaces === undefined ? null : city.idOf(sampleRef('sentence', each.replaces)),
            organisation,
          },
        }),
      ),
    ),
  ]
}

type Sentence = { ref: string; text: { en: string; 'zh-Hans': string }; replaces?: string }
const sentenceRef = (version: string, name: string) => sampleRef('sentence', `${version}-${name}`)

const goals = (city: SampleCity): Change[] => [
  ...outcomes.map((each: Outcome) =>
    sampleRecord(city, outcome.kind, sampleRef('outcome', each.ref), {
      values: {
        title: each.title,
        description: each.description,
        plan: city.idOf(planRef),
        rule: each.rule,
        ruleCount: each.ruleCount ?? null,
        headline: true,
        organisation: bodyOf(city, each.organisation),
        owner: postOf(city, each.owner),
        categories: [...new Set(each.categories.flatMap(categoriesOf))].map((key) => city.idOf(key, 'frame')),
        links: { answers: each.sentences.map((name) => ({ to: city.idOf(sentenceRef('current', name)) })) },
      },
    }),
  ),
  ...objectives.map((each: Objective) =>
    sampleRecord(city, objective.kind, sampleRef('objective', each.ref), {
      state: stateOf(each),
      values: {
        title: each.title,
        plan: city.idOf(planRef),
        level: each.level,
        organisation: bodyOf(city, each.organisation),
        owner: postOf(city, each.owner),
        links: {
          contributesTo: each.outcomes.map((name) => ({ to: city.idOf(sampleRef('outcome', name)) })),
          under: each.parent === undefined ? [] : [{ to: city.idOf(sampleRef('objective', each.parent)) }],
        },
      },
    }),
  ),
  ...commitments.map((each: Commitment) =>
    sampleRecord(city, commitment.kind, sampleRef('commitment', each.ref), {
      state: each.state ?? stateOf(each),
      values: {
        title: each.title,
        keptOn: each.keptOn === undefined ? null : dayFor(each.keptOn, city.today),
        dueOn: dayFor(each.dueOn, city.today),
        organisation: bodyOf(city, each.organisation),
        owner: postOf(city, each.owner),
        links: {
          towards: [
            ...(each.outcome === undefined ? [] : [sampleRef('outcome', each.outcome)]),
            ...(each.objective === undefined ? [] : [sampleRef('objective', each.objective)]),
          ].map((ref) => ({ to: city.idOf(ref) })),
        },
      },
    }),
  ),
]

type Outcome = Omit<(typeof outcomes)[number], 'owner' | 'ruleCount' | 'headlineIndicator'> & {
  owner?: string
  ruleCount?: number
  headlineIndicator?: string
}
type Objective = Omit<(typeof objectives)[number], 'owner' | 'parent'> & { owner?: string; parent?: string }
type Commitment = Pick<(typeof commitments)[number], 'ref' | 'title' | 'dueOn' | 'organisation'> & {
  owner?: string
  outcome?: string
  objective?: string
  state?: string
  keptOn?: string
}

/** `iso-37101:environment/nature` names one category on each axis. */
function categoriesOf(cell: string): string[] {
  const [frame, path = ''] = cell.split(':')
  return path.split('/').map((part) => `${frame}:${part}`)
}

/** Outcomes name their headline indicators, and are agreed, once the indicators exist. */
const headlines = (city: SampleCity): Change[] =>
  outcomes.flatMap(({ ref, headlineIndicator: name }: Outcome): Change[] => {
    if (name === undefined) return []
    const values = { headlineIndicator: city.idOf(sampleRef('indicator', name)) }
    return [{ kind: outcome.kind, action: 'change', id: city.idOf(sampleRef('outcome', ref)), values }]
  })

const outcomesAgreed = (city: SampleCity): Change[] =>
  outcomes
    .filter((each: Outcome) => stateOf(each) === 'agreed')
    .map(({ ref }) => ({ kind: outcome.kind, action: 'agree', id: city.idOf(sampleRef('outcome', ref)) }))

/** What is agreed is public; what has no owner yet stays internal. */
function published(city: SampleCity): Change[] {
  const publish = (kind: string, group: string, all: ReadonlyArray<{ ref: string; owner?: string; state?: string }>) =>
    samplesPublished(
      city,
      kind,
      all
        .filter((each) => each.state !== undefined || stateOf(each) === 'agreed')
        .map(({ ref }) => sampleRef(group, ref)),
    )
  const { visions } = texts
  const sentences = visions.flatMap((version) => version.sentences.map(({ ref }) => sentenceRef(version.ref, ref)))
  return [
    ...samplesPublished(city, plan.kind, [planRef]),
    ...samplesPublished(
      city,
      vision.kind,
      visions.map(({ ref }) => sampleRef('vision', ref)),
    ),
    ...samplesPublished(city, sentence.kind, sentences),
    ...publish(outcome.kind, 'outcome', outcomes),
    ...publish(objective.kind, 'objective', objectives),
    ...publish(commitment.kind, 'commitment', commitments),
  ]
}

export const samples: readonly Sample[] = [
  { stage: 'records', changes: () => shippedFrames.flatMap((frame) => frameChanges(frame).changes) },
  { stage: 'records', changes: planAndVisions },
  { stage: 'records', changes: goals },
  { stage: 'afterwards', changes: headlines },
  { stage: 'afterwards', changes: outcomesAgreed },
  { stage: 'published', changes: published },
]
