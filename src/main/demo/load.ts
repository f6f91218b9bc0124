/**
 * Puts the demo city into an empty house through the ordinary gate, as one change set: removing it is the undo of that
 * change set. Everything it writes carries an external id of the source `demo`.
 */
import { sql } from 'kysely'
import { createAccounts, hashPassword } from '#modules/identity'
import { loadFrame } from '#modules/strategy'
import { type App, contextOf, dayIn, inTransaction } from '#platform/app.ts'
import { theHouse } from '#platform/caller.ts'
import type { WriteContext } from '#platform/context.ts'
import {
  type Change,
  type ChangeSet,
  erase,
  newId,
  openChangeSet,
  Permit,
  prepare,
  save,
  undo,
} from '#platform/records/index.ts'
import iso37101 from '../../modules/strategy/frames/iso-37101.json' with { type: 'json' }
import { demoCity } from './city.ts'
import type { DemoCity, DemoIndicator, Text } from './types.ts'

const source = 'demo'
const cityRef = 'demo:org:the-city'
export type DemoAccount = { login: string; name: string; role: string }

/** Writes the demo city; every account gets `password`. Refuses nothing: call it on a house without a city only. */
export async function loadDemoCity(app: App, password: string): Promise<DemoAccount[]> {
  const city = demoCity(dayIn('UTC', app.now()))
  const hash = await hashPassword(password)
  const accounts = await inTransaction(contextOf(app, theHouse, 'en'), async (ctx) => {
    const changeSet = await openChangeSet(ctx, { source, why: city.watermark.en })
    const ids = new Map<string, string>()
    await saveAll(changeSet, bodies(city, ids))
    const categories = await loadFrame(changeSet, iso37101)
    await saveAll(changeSet, texts(city, ids))
    await saveAll(changeSet, goals(city, ids, categories))
    await saveAll(
      changeSet,
      city.indicators.map((indicator) => indicatorChange(indicator, ids)),
    )
    await saveAll(changeSet, headlines(city, ids))
    await saveAll(
      changeSet,
      city.outcomes.map((outcome) => ({ kind: 'strategy.outcome', action: 'agree', id: idOf(ids, outcome.ref) })),
    )
    await saveAll(
      changeSet,
      city.indicators.flatMap((indicator) => correction(indicator, ids)),
    )
    await saveAll(changeSet, publications(city, ids))
    await sql`insert into directory.city (organisation, "timeZone", language, demo) values (${ids.get(cityRef)}, ${city.timeZone}, 'en', true)
      on conflict (one) do update set organisation = excluded.organisation, "timeZone" = excluded."timeZone", language = 'en', demo = true`.execute(
      ctx.db,
    )
    return openAccounts(ctx, city, ids, hash)
  })
  await app.refreshCity()
  return accounts
}

async function openAccounts(
  ctx: WriteContext,
  city: DemoCity,
  ids: Map<string, string>,
  hash: string,
): Promise<DemoAccount[]> {
  const people = new Map(city.people.map((person) => [person.ref, person]))
  await createAccounts(
    ctx,
    { source },
    city.accounts.map((account) => ({
      name: people.get(account.person)?.name ?? account.login,
      login: account.login,
      hash,
      person: ids.get(account.person) ?? null,
      organisation: ids.get(cityRef)!,
      grants: [{ role: account.role, body: ids.get(account.organisation ?? cityRef)! }],
      mustChange: false,
      externalId: { source, id: `demo:account:${account.login}` },
    })),
  )
  return city.accounts.map((account) => ({
    login: account.login,
    name: people.get(account.person)?.name ?? '',
    role: account.role,
  }))
}

/** Takes the demo city away again: undoes what it wrote, ends its accounts. Lists what was edited since and stays. */
export async function removeDemoCity(app: App): Promise<{ undone: number; kept: number }> {
  const result = await inTransaction(contextOf(app, theHouse, 'en'), async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select c.id from records."changeSet" c where c.source = ${source} and c."undoOf" is null
        and not exists (select 1 from records."changeSet" u where u."undoOf" = c.id) order by c.id desc`.execute(ctx.db)
    let undone = 0
    let kept = 0
    for (const row of rows) {
      const one = await undo(ctx, row.id, { mode: 'possible', source: 'demo removed' })
      undone += one.undone
      kept += new Set(one.conflicts.map((conflict) => conflict.record)).size
    }
    // Names and logins of the invented people go for good, so that the logins are free again.
    const people = await sql<{ id: string; kind: string }>`
      select r.id, r.kind from records.record r where r."retiredAt" is not null and r.kind in ('identity.account', 'directory.person')
        and r.id in (select e.record from records.entry e where e."changeSet" = any(${rows.map((row) => row.id)}::uuid[]))`.execute(
      ctx.db,
    )
    for (const each of people.rows) await erase(ctx, { source: 'demo removed' }, each)
    await sql`delete from identity.session s using records.record r where r.id = s.account and r."retiredAt" is not null`.execute(
      ctx.db,
    )
    await sql`delete from directory.city where demo`.execute(ctx.db)
    return { undone, kept }
  })
  await app.refreshCity()
  return result
}

async function saveAll(changeSet: ChangeSet, changes: readonly Change[]): Promise<void> {
  await save(changeSet, Permit.for(changeSet.ctx, await prepare(changeSet.ctx, changes)))
}

const idOf = (ids: Map<string, string>, ref: string): string => {
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

function bodies(city: DemoCity, ids: Map<string, string>): Change[] {
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

function texts(city: DemoCity, ids: Map<string, string>): Change[] {
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

function goals(city: DemoCity, ids: Map<string, string>, categories: ReadonlyMap<string, string>): Change[] {
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
      state: 'agreed',
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
      state: 'agreed',
      values: {
        title: commitment.title,
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

const noteIn = (text: Text | undefined) => text?.en ?? null

function indicatorChange(indicator: DemoIndicator, ids: Map<string, string>): Change {
  return created('indicators.indicator', indicator.ref, ids, {
    ...(indicator.organisation ? { state: 'agreed' } : {}),
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
      fiscalStartMonth: indicator.fiscal ? 7 : null,
      fiscalNamedBy: indicator.fiscal ? 'end' : null,
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
          numerator: each.numerator ?? null,
          denominator: each.denominator ?? null,
          status: each.status,
          note: each.correctedFrom ? null : noteIn(each.note),
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
          why: noteIn(target.why),
        })),
      },
      break: {
        set: [
          ...indicator.breaks.map((each) => ({ on: each.on, breakKind: 'definition', reason: each.reason.en })),
          ...(indicator.directions ?? []).slice(1).map((each) => ({
            on: each.from,
            breakKind: 'direction',
            direction: each.direction,
            reason: each.reason.en,
          })),
        ],
      },
    },
  })
}

/** The value first published, then the corrected one: both stay in the history. */
function correction(indicator: DemoIndicator, ids: Map<string, string>): Change[] {
  const corrected = indicator.measurements.filter((each) => each.correctedFrom !== undefined)
  if (corrected.length === 0) return []
  const set = corrected.map((each) => ({
    cell: each.cell ?? '',
    from: each.from,
    to: each.to,
    label: each.label,
    value: each.value,
    status: each.status,
    note: noteIn(each.note),
    revision: 2,
  }))
  return [
    { kind: 'indicators.indicator', action: 'change', id: idOf(ids, indicator.ref), rows: { measurement: { set } } },
  ]
}

/** Outcomes are agreed once their headline indicators exist. */
function headlines(city: DemoCity, ids: Map<string, string>): Change[] {
  const named = city.outcomes.filter((outcome) => outcome.headlineIndicator)
  return named.map((outcome) => ({
    kind: 'strategy.outcome',
    action: 'change',
    id: idOf(ids, outcome.ref),
    values: { headlineIndicator: idOf(ids, outcome.headlineIndicator!) },
  }))
}

function publications(city: DemoCity, ids: Map<string, string>): Change[] {
  const publish = (kind: string, refs: readonly string[]): Change[] =>
    refs.map((ref) => ({ kind, action: 'publish', id: idOf(ids, ref) }))
  return [
    ...publish('directory.organisation', [cityRef, ...city.organisations.map((each) => each.ref)]),
    ...publish(
      'strategy.plan',
      city.plans.map((each) => each.ref),
    ),
    ...publish(
      'strategy.vision',
      city.visions.map((each) => each.ref),
    ),
    ...publish(
      'strategy.sentence',
      city.visions.flatMap((each) => each.sentences.map((sentence) => sentence.ref)),
    ),
    ...publish(
      'strategy.outcome',
      city.outcomes.map((each) => each.ref),
    ),
    ...publish(
      'strategy.objective',
      city.objectives.map((each) => each.ref),
    ),
    ...publish(
      'strategy.commitment',
      city.commitments.map((each) => each.ref),
    ),
    ...publish(
      'indicators.indicator',
      city.indicators.filter((each) => each.organisation).map((each) => each.ref),
    ),
  ]
}
