/** What a form says about a step for many records: understood, with what is wrong and what is missing. */
import type { FieldProblem } from '#kernel/problem.ts'
import type { FormField } from '#kernel/projections/fieldset.ts'
import type { AppContext } from '#platform/page.ts'
import { type Change, newId, read } from '#platform/records/index.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import { type FormValues, readFormValues } from '../record/form-values.ts'
import { type Act, type Given, kindAsked, namesAsked } from './act.ts'
import type { ActPageOptions, Chosen, Query } from './options.ts'

export type Understood = {
  readonly given: Given
  readonly problems: readonly FieldProblem[]
  /** The record that is written along, and what is wrong with what was typed about it. */
  readonly made?: Change
  readonly wrongMade: readonly FieldProblem[]
  readonly suggestions: ReadonlyMap<string, readonly RecordOption[]>
}

/** What was typed, understood, and what is missing. */
export async function understood(
  ctx: AppContext,
  options: ActPageOptions,
  query: Query,
  { act, records, typed }: Chosen,
  fields: readonly FormField[],
): Promise<Understood> {
  const names = namesAsked(ctx, act, records)
  const readIn = await readFormValues(ctx, kindAsked(ctx, act, records), typed, {}, names)
  const links = Object.entries((readIn.values.links ?? {}) as Record<string, readonly object[]>).filter(
    ([, ends]) => ends.length > 0,
  )
  const values: Record<string, unknown> = {
    ...Object.fromEntries(
      Object.entries(readIn.values).filter(
        ([name, value]) =>
          name !== 'links' && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
      ),
    ),
    ...(links.length > 0 ? { links: Object.fromEntries(links) } : {}),
  }
  const { made, problems: wrongMade, suggestions } = await makingOf(ctx, options, query, act, typed, links.length > 0)
  if (made) values.links = { ...(values.links as object), [act.name.slice('links.'.length)]: [{ to: made.id }] }
  const stated = (name: string) =>
    name.startsWith('links.')
      ? Boolean((values.links as Record<string, unknown> | undefined)?.[name.slice(6)])
      : values[name] !== undefined
  const wrong = new Set(readIn.problems.map(({ at }) => at))
  const missing = fields.filter(
    ({ name, required }) =>
      required && !stated(name) && ![...wrong].some((at) => at.startsWith(`/${name.replace('.', '/')}`)),
  )
  const nobody = act.name === 'responsible' && readIn.problems.length === 0 && !values.organisation && !values.owner
  const owner = act.name === 'responsible' && !values.organisation ? values.owner : undefined
  const home = owner
    ? (
        await read(ctx, [ctx.registry.wellKnown.post])
          .in({ id: String(owner) })
          .first()
      )?.organisation
    : null
  return {
    given: { values, home: home ?? null },
    ...(made ? { made } : {}),
    suggestions: new Map([...readIn.suggestions, ...suggestions]),
    wrongMade,
    problems: [
      ...readIn.problems,
      ...(wrongMade.length > 0
        ? []
        : missing.map(({ name }) => ({ at: `/${name.replace('.', '/')}`, code: 'field.required' }))),
      ...(nobody ? [{ at: '/owner', code: 'record.act.to-whom' }] : []),
    ],
  }
}

/** The record that is written for the others to link to, if its name was typed and none was chosen. */
async function makingOf(
  ctx: AppContext,
  { make }: ActPageOptions,
  query: Query,
  act: Act,
  typed: FormValues,
  chosen: boolean,
) {
  const named = Object.entries(typed).some(([name, text]) => /^title(\.|$)/.test(name) && String(text).trim() !== '')
  if (!make || chosen || !named || !act.name.startsWith('links.')) return { problems: [], suggestions: new Map() }
  const { values, problems, suggestions } = await readFormValues(
    ctx,
    ctx.registry.kind(make.kind).declaration,
    typed,
    {},
    make.asks,
  )
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
  const made: Change = {
    kind: make.kind,
    action: 'create',
    id: newId(),
    values: { ...(await make.values(ctx, query)), ...given },
  }
  return { made, problems, suggestions }
}
