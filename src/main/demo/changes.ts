/** The demo city as changes for the gate, in the order in which records may point to each other. */
import { type Change, newId } from '#platform/records/index.ts'
import type { DemoCity, DemoIndicator } from './types.ts'

const source = 'demo'
export const cityRef = 'demo:org:the-city'

export const idOf = (ids: Map<string, string>, ref: string): string => {
  const id = ids.get(ref)
  if (!id) throw new Error(`The demo city points to "${ref}", which it does not hold.`)
  return id
}
const optional = (ids: Map<string, string>, ref: string | undefined) => (ref === undefined ? null : idOf(ids, ref))

function created(
  kind: string,
  ref: string,
  ids: Map<string, string>,
  rest: Omit<Change, 'kind' | 'action' | 'id'>,
): Change {
  const id = newId()
  ids.set(ref, id)
  return { kind, action: 'create', id, ...rest, values: { ...rest.values, externalIds: [{ source, id: ref }] } }
}

export function bodies(city: DemoCity, ids: Map<string, string>): Change[] {
  const root = created('directory.organisation', cityRef, ids, {
    values: { title: city.title, organisationKind: 'city', sector: 'public' },
  })
  // Identifiers first: a body may be listed before the one it belongs to.
  const organisations = city.organisations.map((body) => ({
    body,
    change: created('directory.organisation', body.ref, ids, {
      values: {
        title: body.title,
        organisationKind: body.organisationKind,
        sector: body.sector,
        budgetCode: body.budgetCode ?? null,
        identityCode: body.identityCode ?? null,
      },
    }),
  }))
  const withParents = organisations.map(({ body, change }) => ({
    ...change,
    values: {
      ...change.values,
      organisation: idOf(ids, body.ref),
      parent: body.parent ? idOf(ids, body.parent) : idOf(ids, cityRef),
    },
  }))
  const people = city.people.map((person) =>
    created('directory.person', person.ref, ids, {
      values: { title: { und: person.name }, email: person.email, organisation: idOf(ids, cityRef) },
    }),
  )
  const posts = city.posts.map((post) =>
    created('directory.post', post.ref, ids, {
      values: { title: post.title, organisation: idOf(ids, post.organisation) },
      rows: {
        holding: {
          set: post.holdings.map(({ person, from, to }) => ({ person: idOf(ids, person), from, to: to ?? null })),
        },
      },
    }),
  )
  return [root, ...withParents, ...people, ...posts]
}

export function texts(city: DemoCity, ids: Map<string, string>): Change[] {
  const owner = idOf(ids, cityRef)
  const plans = city.plans.map((plan) =>
    created('strategy.plan', plan.ref, ids, {
      state: 'adopted',
      values: { title: plan.title, from: plan.from, to: plan.to, levels: plan.levels, organisation: owner },
    }),
  )
  const visions = city.visions.map((vision) =>
    created('strategy.vision', vision.ref, ids, {
      state: vision.retired ? 'replaced' : 'adopted',
      values: {
        title: city.plans[0]!.title,
        plan: idOf(ids, vision.plan),
        versionLabel: String(vision.version),
        adoptedOn: vision.adoptedOn,
        organisation: owner,
      },
    }),
  )
  const sentences = city.visions.flatMap((vision) =>
    vision.sentences.map((sentence, index) =>
      created('strategy.sentence', sentence.ref, ids, {
        state: vision.retired ? 'replaced' : 'standing',
        values: {
          title: sentence.text,
          vision: idOf(ids, vision.ref),
          position: index + 1,
          replaces: optional(ids, sentence.replaces),
          organisation: owner,
        },
      }),
    ),
  )
  return [...plans, ...visions, ...sentences]
}

export function goals(city: DemoCity, ids: Map<string, string>, categories: ReadonlyMap<string, string>): Change[] {
  const plan = idOf(ids, city.plans[0]!.ref)
  const outcomes = city.outcomes.map((outcome) =>
    created('strategy.outcome', outcome.ref, ids, {
      values: {
        title: outcome.title,
        description: outcome.description,
        plan,
        rule: outcome.rule,
        ruleCount: outcome.ruleCount ?? null,
        headline: true,
        organisation: idOf(ids, outcome.organisation),
        owner: optional(ids, outcome.owner),
        categories: [...new Set(outcome.categories.flatMap((cell) => cellCategories(cell, categories)))],
        links: { answers: outcome.sentences.map((ref) => ({ to: idOf(ids, ref) })) },
      },
    }),
  )
  for (const objective of city.objectives) ids.set(objective.ref, newId())
  const objectives = city.objectives.map(
    (objective): Change => ({
      kind: 'strategy.objective',
      action: 'create',
      id: idOf(ids, objective.ref),
      state: objective.state,
      values: {
        title: objective.title,
        plan,
        level: objective.level,
        organisation: idOf(ids, objective.organisation),
        owner: optional(ids, objective.owner),
        externalIds: [{ source, id: objective.ref }],
        links: {
          contributesTo: objective.outcomes.map((ref) => ({ to: idOf(ids, ref) })),
          under: objective.parent ? [{ to: idOf(ids, objective.parent) }] : [],
        },
      },
    }),
  )
  const commitments = city.commitments.map((commitment) =>
    created('strategy.commitment', commitment.ref, ids, {
      state: commitment.state,
      values: {
        title: commitment.title,
        keptOn: commitment.keptOn ?? null,
        dueOn: commitment.dueOn,
        organisation: idOf(ids, commitment.organisation),
        owner: optional(ids, commitment.owner),
        links: {
          towards: [commitment.outcome, commitment.objective]
            .filter((ref) => ref !== undefined)
            .map((ref) => ({ to: idOf(ids, ref) })),
        },
      },
    }),
  )
  return [...outcomes, ...objectives, ...commitments]
}

/** `iso-37101:environment/nature` names one category on each axis. */
const cellCategories = (cell: string, categories: ReadonlyMap<string, string>): string[] => {
  const [frame, path = ''] = cell.split(':')
  return path.split('/').flatMap((part) => categories.get(`${frame}:${part}`) ?? [])
}

export function indicatorChange(city: DemoCity, indicator: DemoIndicator, ids: Map<string, string>): Change {
  const calendar = city.fiscalCalendar
  return created('indicators.indicator', indicator.ref, ids, {
    state: indicator.state,
    values: {
      title: indicator.title,
      definition: indicator.definition,
      valueKind: indicator.valueKind,
      unit: indicator.unit,
      decimals: indicator.decimals,
      direction: indicator.direction,
      rangeLow: indicator.rangeLow ?? null,
      rangeHigh: indicator.rangeHigh ?? null,
      numerator: indicator.numeratorText ?? null,
      denominator: indicator.denominatorText ?? null,
      grain: indicator.grain,
      fiscalStartMonth: indicator.fiscal ? calendar.startMonth : null,
      fiscalNamedBy: indicator.fiscal ? calendar.namedBy : null,
      publicationLagDays: indicator.lagDays,
      seasonal: indicator.seasonal ?? false,
      cumulative: indicator.cumulative ?? false,
      rareEvents: indicator.rareEvents ?? false,
      minimumCell: indicator.minimumCell ?? null,
      sourceText: indicator.source,
      method: indicator.method,
      libraryNumber: indicator.libraryNo ? `iso-37120-2014:${indicator.libraryNo}` : null,
      organisation: optional(ids, indicator.organisation),
      owner: optional(ids, indicator.owner),
      links: { measures: indicator.measures.map((ref) => ({ to: idOf(ids, ref) })) },
    },
    rows: {
      measurement: {
        set: indicator.measurements.map((each) => ({
          cell: each.cell ?? '',
          from: each.from,
          to: each.to,
          label: each.label,
          value: each.correctedFrom ?? each.value,
          numerator: each.correctedNumeratorFrom ?? each.numerator ?? null,
          denominator: each.denominator ?? null,
          status: each.status,
          note: each.correctedFrom ? null : (each.note ?? null),
          revision: 1,
        })),
      },
      target: {
        set: indicator.targets.map((target) => ({
          cell: target.cell ?? '',
          targetKind: target.targetKind,
          from: target.from,
          dueOn: target.dueOn ?? null,
          value: target.value ?? null,
          low: target.low ?? null,
          high: target.high ?? null,
          base: target.base ?? null,
          comparator: target.comparatorCells?.map((cell) => cell || '*').join(' | ') ?? null,
          setOn: target.setOn,
          why: target.why ?? null,
        })),
      },
      break: {
        set: [
          ...indicator.breaks.map((each) => ({ on: each.on, breakKind: 'definition', reason: each.reason })),
          ...(indicator.directions ?? []).slice(1).map((each, index) => ({
            on: each.from,
            breakKind: 'direction',
            directionBefore: indicator.directions![index]!.direction,
            direction: each.direction,
            reason: each.reason,
          })),
        ],
      },
    },
  })
}

/** The value first published, then the corrected one: both stay in the history. */
export function correction(indicator: DemoIndicator, ids: Map<string, string>): Change[] {
  const corrected = indicator.measurements.filter((each) => each.correctedFrom !== undefined)
  if (corrected.length === 0) return []
  const set = corrected.map((each) => ({
    cell: each.cell ?? '',
    from: each.from,
    to: each.to,
    label: each.label,
    value: each.value,
    numerator: each.numerator ?? null,
    denominator: each.denominator ?? null,
    status: each.status,
    note: each.note ?? null,
    revision: 2,
  }))
  return [
    { kind: 'indicators.indicator', action: 'change', id: idOf(ids, indicator.ref), rows: { measurement: { set } } },
  ]
}

/** Outcomes are agreed once their headline indicators exist. */
export function headlines(city: DemoCity, ids: Map<string, string>): Change[] {
  const named = city.outcomes.filter((outcome) => outcome.headlineIndicator)
  return named.map((outcome) => ({
    kind: 'strategy.outcome',
    action: 'change',
    id: idOf(ids, outcome.ref),
    values: { headlineIndicator: idOf(ids, outcome.headlineIndicator!) },
  }))
}

/** What is agreed is public; drafts (nobody answers for them yet) stay inside. */
export function publications(city: DemoCity, ids: Map<string, string>): Change[] {
  const publish = (kind: string, all: ReadonlyArray<{ ref: string; state?: string }>): Change[] =>
    all.filter((each) => each.state !== 'draft').map(({ ref }) => ({ kind, action: 'publish', id: idOf(ids, ref) }))
  return [
    ...publish('directory.organisation', [{ ref: cityRef }, ...city.organisations]),
    ...publish('directory.post', city.posts),
    ...publish('strategy.plan', city.plans),
    ...publish('strategy.vision', city.visions),
    ...publish(
      'strategy.sentence',
      city.visions.flatMap((each) => each.sentences),
    ),
    ...publish('strategy.outcome', city.outcomes),
    ...publish('strategy.objective', city.objectives),
    ...publish('strategy.commitment', city.commitments),
    ...publish('indicators.indicator', city.indicators),
  ]
}
