/** Bodies, plan, outcomes and objectives of an imported file: the records that its indicators point at. */
import { findCity } from '#modules/directory'
import type { WriteContext } from '#platform/context.ts'
import type { Group, Planned, Step } from '#platform/imports/index.ts'
import { linksKept, localizedChange, type Met, metBy, RecordNames } from '#platform/imports/index.ts'
import { type Change, newId } from '#platform/records/index.ts'
import {
  type LevelContent,
  type OrganisationContent,
  type OutcomeContent,
  type PlanContent,
  steps,
} from './actions-import-content.ts'
import type { ImportTally } from './actions-import-notes.ts'
import { levelNames, type Sources } from './actions-import-targets.ts'

/** What a round of saving knows of the records it has met or made. */
export class PlanSteps {
  readonly #source: string
  readonly #sources: Sources
  readonly #tally: ImportTally
  /** Record by key of its step; null where it was refused. */
  readonly ids = new Map<string, string | null>()
  /** Names that no body bears, with the one most like each. */
  readonly unknownBodies = new Map<string, { name: string; nearest: string }>()
  /** Keys of objectives that are only named by an identity nothing has. */
  readonly unknownGoals = new Map<string, string>()
  #bodies: RecordNames | null = null
  #city: string | null = null

  constructor(source: string, sources: Sources, tally: ImportTally) {
    this.#source = source
    this.#sources = sources
    this.#tally = tally
  }

  async begin(ctx: WriteContext): Promise<void> {
    this.ids.clear()
    this.#adopted.clear()
    this.unknownBodies.clear()
    this.unknownGoals.clear()
    this.#bodies = null
    this.#city = (await findCity(ctx.db))?.organisation ?? null
  }

  /** The id of a record of an earlier step; undefined where it is to stay out, null where none is asked for. */
  idOf(step: 'organisation' | 'plan' | 'outcome' | 'level', key: string | null): string | null | undefined {
    if (key === null) return null
    return this.ids.get(`${step} ${key}`) ?? undefined
  }

  steps(): Step[] {
    const step = <Content>(
      number: number,
      name: string,
      plan: (ctx: WriteContext, groups: ReadonlyArray<Group<Content>>) => Promise<Planned[]>,
    ): Step => ({
      step: number,
      shared: true,
      plan: plan as unknown as Step['plan'],
      saved: (key, id) => {
        const slot = `${name} ${key}`
        // A record that is there already needs no change and keeps the id that was found for it.
        if (id !== null) this.ids.set(slot, id)
        else if (!this.#adopted.has(slot)) this.ids.set(slot, null)
      },
    })
    return [
      step<OrganisationContent>(steps.organisation, 'organisation', (ctx, groups) => this.#planBodies(ctx, groups)),
      step<PlanContent>(steps.plan, 'plan', (ctx, groups) => this.#planPlans(ctx, groups)),
      step<OutcomeContent>(steps.outcome, 'outcome', (ctx, groups) => this.#planOutcomes(ctx, groups)),
      ...levelNames.map((_, index) =>
        step<LevelContent>(steps.level + index, 'level', (ctx, groups) => this.#planLevels(ctx, groups)),
      ),
    ]
  }

  readonly #adopted = new Set<string>()

  #adopt(step: string, key: string, id: string): void {
    this.#adopted.add(`${step} ${key}`)
    this.ids.set(`${step} ${key}`, id)
  }

  async #planBodies(ctx: WriteContext, groups: ReadonlyArray<Group<OrganisationContent>>): Promise<Planned[]> {
    const kind = 'directory.organisation'
    const contents = groups.map((group) => joined(group.items.map((item) => item.content)))
    const met = await metBy(
      ctx,
      kind,
      this.#source,
      contents.map((content) => content.id),
    )
    this.#bodies ??= await RecordNames.load(ctx, kind)
    return groups.map((group, index) => {
      const content = contents[index]!
      const codes = this.#tally.codesOf(content.name)
      // One field holds every code of a body; two bodies may share a code.
      const fields = codes.length > 1 ? { ...content.fields, budgetCode: codes.join(', ') } : content.fields
      const known = met.get(content.id)
      if (known) return this.#known(ctx, group, kind, 'organisation', known, content, fields)
      const named = this.#bodies!.find(content.name)
      if (named !== null && named !== 'ambiguous') {
        this.#adopt('organisation', group.key, named.id)
        return nothing(group)
      }
      if (named === 'ambiguous' || !fields.organisationKind || !fields.sector) {
        const nearest = named === 'ambiguous' ? content.name : this.#bodies!.nearest(content.name)
        this.unknownBodies.set(group.key, { name: content.name, nearest })
        return nothing(group)
      }
      const id = newId()
      this.#tally.made.push(content.name)
      return planned(group, this.#columns('organisation', 'name'), {
        kind,
        action: 'create',
        id,
        values: {
          title: content.name,
          organisation: id,
          parent: this.#city,
          ...fields,
          externalIds: [{ source: this.#source, id: content.id }],
        },
      })
    })
  }

  async #planPlans(ctx: WriteContext, groups: ReadonlyArray<Group<PlanContent>>): Promise<Planned[]> {
    const kind = 'strategy.plan'
    const idOf = (content: PlanContent) => `plan/${content.title}`.slice(0, 200)
    const contents = groups.map((group) => group.items[0]!.content)
    const met = await metBy(ctx, kind, this.#source, contents.map(idOf))
    return groups.map((group, index) => {
      const content = contents[index]!
      const known = met.get(idOf(content))
      if (known) return this.#known(ctx, group, kind, 'plan', known, { ...content, named: false }, {})
      return planned(group, this.#columns('plan', 'title'), {
        kind,
        action: 'create',
        id: newId(),
        values: {
          title: content.title,
          levels: content.levels.slice(0, 6).map((level) => ({ [ctx.registry.language]: level.slice(0, 80) })),
          from: content.from,
          to: content.to,
          organisation: this.#city,
          externalIds: [{ source: this.#source, id: idOf(content) }],
        },
      })
    })
  }

  async #planOutcomes(ctx: WriteContext, groups: ReadonlyArray<Group<OutcomeContent>>): Promise<Planned[]> {
    const kind = 'strategy.outcome'
    const contents = groups.map((group) => group.items[0]!.content)
    const met = await metBy(
      ctx,
      kind,
      this.#source,
      contents.map((content) => content.id),
    )
    return groups.map((group, index) => {
      const content = contents[index]!
      const plan = this.idOf('plan', content.plan)
      const known = met.get(content.id)
      if (known) return this.#known(ctx, group, kind, 'outcome', known, content, {})
      return planned(group, this.#columns('outcome', 'title'), {
        kind,
        action: 'create',
        id: newId(),
        values: {
          title: content.title,
          plan: plan ?? null,
          ...(content.description === null ? {} : { description: content.description }),
          externalIds: [{ source: this.#source, id: content.id }],
        },
      })
    })
  }

  async #planLevels(ctx: WriteContext, groups: ReadonlyArray<Group<LevelContent>>): Promise<Planned[]> {
    const kind = 'strategy.objective'
    const contents = groups.map((group) => group.items[0]!.content)
    const met = await metBy(
      ctx,
      kind,
      this.#source,
      contents.map((content) => content.id),
    )
    const known = [...met.values()].flatMap((each) => (each === 'hidden' ? [] : [each.id]))
    const kept = {
      under: await linksKept(ctx, `${kind}.under`, this.#source, known),
      contributesTo: await linksKept(ctx, `${kind}.contributesTo`, this.#source, known),
    }
    return groups.map((group, index) => {
      const content = contents[index]!
      const organisation = this.idOf('organisation', content.organisation)
      const plan = this.idOf('plan', content.plan)
      const under = this.idOf('level', content.under)
      const outcome = this.idOf('outcome', content.outcome)
      // What it needs stays out, so it does, too; the rows that speak of it are told why at the indicator.
      if ([organisation, plan, under, outcome].includes(undefined)) return nothing(group)
      const found = met.get(content.id)
      const before = found && found !== 'hidden' ? found.id : null
      const ends = (name: 'under' | 'contributesTo', to: string | null | undefined) => [
        ...(before ? (kept[name].get(before) ?? []) : []).map((end) =>
          name === 'under' ? { to: end.to } : { to: end.to, weight: end.weight },
        ),
        ...(to ? [{ to }] : []),
      ]
      const links = { under: ends('under', under), contributesTo: ends('contributesTo', outcome) }
      const fields = { ...(organisation ? { organisation } : {}), links }
      // A row that only names an objective says nothing about it.
      if (content.known && found && found !== 'hidden' && !found.retired) {
        this.#adopt('level', group.key, found.id)
        return nothing(group)
      }
      if (found) return this.#known(ctx, group, kind, 'level', found, content, fields)
      if (content.known) {
        this.unknownGoals.set(group.key, content.id)
        return nothing(group)
      }
      const level = levelNames.find((name) => this.#sources.columns.has(`${name}.title`)) ?? 'objective'
      return planned(group, this.#columns(level, 'title'), {
        kind,
        action: 'create',
        id: newId(),
        values: {
          title: content.title,
          plan: plan ?? null,
          level: content.level,
          ...(content.description === null ? {} : { description: content.description }),
          ...fields,
          externalIds: [{ source: this.#source, id: content.id }],
        },
      })
    })
  }

  /** A record that an earlier import made, or that carries the same identity: brought up to date, or left as it is. */
  #known(
    ctx: WriteContext,
    group: Group<unknown>,
    kind: string,
    step: string,
    known: Met | 'hidden',
    content: {
      readonly title?: string
      readonly name?: string
      readonly named: boolean
      readonly description?: string | null
    },
    fields: Readonly<Record<string, unknown>>,
  ): Planned {
    if (known === 'hidden' || known.retired) {
      const code = known === 'hidden' ? 'import.not-yours' : 'import.retired'
      const lines = group.items.map((item) => item.line).filter((line) => line > 0)
      return {
        ...nothing(group),
        problems: lines.map((row) => ({ row, column: null, code, values: {} })),
      }
    }
    this.#adopt(step, group.key, known.id)
    const text = content.title ?? content.name ?? ''
    // A name that is the identity itself is no news; a person may have put it better since.
    const title = content.named ? localizedChange(text, known.record.title, ctx.registry.language) : undefined
    const description = content.description
      ? localizedChange(content.description, known.record.description, ctx.registry.language)
      : undefined
    return planned(
      group,
      this.#columns(step === 'level' ? 'objective' : step, step === 'organisation' ? 'name' : 'title'),
      {
        kind,
        action: 'change',
        id: known.id,
        values: { ...fields, ...(title ? { title } : {}), ...(description ? { description } : {}) },
      },
    )
  }

  #columns(group: string, title: string): (at: string) => string | null {
    return (at) => {
      const name = at.startsWith('/title') ? title : (at.split('/')[1] ?? '')
      return this.#sources.columns.get(`${group}.${name}`) ?? this.#sources.columns.get(`${group}.${title}`) ?? null
    }
  }
}

/** Attributes of one body from all its rows; the first row that states one counts. */
function joined(contents: readonly OrganisationContent[]): OrganisationContent {
  const fields: Record<string, string> = {}
  for (const content of contents)
    for (const [name, value] of Object.entries(content.fields)) if (!(name in fields)) fields[name] = value
  return { ...contents[0]!, fields }
}

const linesOf = (group: Group<unknown>) => group.items.map((item) => item.line)

const nothing = (group: Group<unknown>): Planned => ({
  key: group.key,
  change: null,
  lines: linesOf(group),
  problems: [],
})

/** A fault of a shared record is told at the first line that speaks of it, and takes all of them out. */
const planned = (group: Group<unknown>, columnOf: (at: string) => string | null, change: Change): Planned => ({
  key: group.key,
  change,
  lines: linesOf(group),
  columnOf,
  problems: [],
})
