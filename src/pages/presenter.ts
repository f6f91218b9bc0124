/** Turns what records hold into the words of one reader: names, states, days, instants, numbers, references. */

import { isDay } from '#kernel/day.ts'
import type { Reader, Shown } from '#kernel/fields/field.ts'
import { fieldType } from '#kernel/fields/types.ts'
import { addressOf } from '#kernel/projections/endpoints.ts'
import type { Field } from '#kernel/record.ts'
import { type Localized, localize } from '#kernel/words.ts'
import { isSignedIn } from '#platform/caller.ts'
import type { AppContext } from '#platform/page.ts'
import { isErased, type Name } from '#platform/records/index.ts'
import { formatNumber, isDecimal } from '#values/decimal.ts'
import { formatDay, formatInstant, instantOf } from '#values/moment.ts'
import type { Text } from '#web/record-pages/value.tsx'

export type Stage = 'draft' | 'under-way' | 'ended'

export type Presenter = ReturnType<typeof presenterOf>

/** Everything that needs the reader's language, in one place. */
export function presenterOf(ctx: AppContext) {
  const { words } = ctx.registry
  const say = words.say(ctx.language)
  const has = (key: string) => words.has(ctx.language, key) || words.has('en', key)
  const text = (localized: Localized | null | undefined): Text => {
    const { text: found, lang } = localize(localized ?? {}, ctx.language, ctx.registry.language)
    return lang === ctx.language || lang === 'und' ? { text: found } : { text: found, lang }
  }
  const kindOf = (kind: string) => ctx.registry.kind(kind).declaration
  const base = (kind: string) => addressOf(kindOf(kind))
  const named = ({ kind, code, title }: Pick<Name, 'kind' | 'code' | 'title'>) => ({
    ...text(title),
    href: `${base(kind)}/${code}`,
  })
  const day = (value: string) => (isDay(value) ? formatDay(value, ctx.language) : value)
  // What fits four digits may be a year, and is never so long that it needs grouping.
  const number = (value: string | number, most = Infinity) =>
    isDecimal(String(value)) && most > 9999
      ? formatNumber(String(value), ctx.language, { decimals: { min: 0, max: 18 } })
      : String(value)
  const fieldLabel = (kind: string, name: string): string => {
    const own = `${kind}.field.${name}`
    if (has(own)) return say(own)
    return say(`record.field.${name}`)
  }
  const reference = (id: string, names: ReadonlyMap<string, Name>): Shown => {
    const name = names.get(id)
    return name ? { as: 'link', ...named(name) } : { as: 'hidden' }
  }

  const instant = (at: string) => formatInstant(instantOf(at), ctx.language, ctx.city.timeZone)
  const reader = (choice: Reader['choice'], names: ReadonlyMap<string, Name>): Reader => ({
    language: ctx.language,
    say,
    text,
    day,
    instant,
    number: (value, style) =>
      isDecimal(value)
        ? formatNumber(value, ctx.language, {
            decimals: { min: 0, max: 18 },
            ...style,
            ...(style ? { decimals: { min: 0, max: 3 } } : {}),
          })
        : value,
    period: ({ label }) => label,
    choice,
    reference: (id) => reference(id, names),
  })

  /** A value of a declared field; `choices` is the prefix of the words of its choices. */
  const value = (field: Field, choices: string, given: unknown, names: ReadonlyMap<string, Name>): Shown => {
    if (given === null || given === undefined || (Array.isArray(given) && given.length === 0)) return { as: 'nothing' }
    if (isErased(given)) return { as: 'erased' }
    return fieldType(field.type).shown(
      given,
      reader((value) => say(`${choices}.${value}`), names),
      field,
    )
  }

  /** A value whose field is gone or has another shape today. */
  const formerValue = (given: unknown): Shown => {
    if (given === null || given === undefined) return { as: 'nothing' }
    if (isErased(given)) return { as: 'erased' }
    if (typeof given === 'boolean') return { as: 'text', text: say(given ? 'record.page.yes' : 'record.page.no') }
    if (typeof given !== 'object') return { as: 'text', text: number(String(given), 9999) }
    if (!Array.isArray(given) && Object.values(given).every((each) => typeof each === 'string'))
      return { as: 'text', ...text(given as Localized) }
    return { as: 'text', text: JSON.stringify(given) }
  }

  return {
    say,
    has,
    formerValue,
    text,
    base,
    named,
    day,
    number,
    fieldLabel,
    value,
    reference,
    instant,
    kind: (kind: string) => say(kind),
    plural: (kind: string) => say(`${kind}.plural`),
    state: (kind: string, state: string) => say(`${kind}.state.${state}`),
    stage: (kind: string, state: string): Stage => {
      const { states, closed } = kindOf(kind)
      if (closed.includes(state)) return 'ended'
      return states[0] === state && states.length - closed.length > 1 ? 'draft' : 'under-way'
    },
    /** What a verb is called on a button: its own word, else where it leads. */
    verb: (kind: string, name: string, to?: string) => {
      const own = [`${kind}.verb.${name}`, `record.verb.${name}`].find(has)
      if (own) return say(own)
      return to ? say('record.page.to-state', { state: say(`${kind}.state.${to}`) }) : name
    },
    signedIn: isSignedIn(ctx.caller),
  }
}

/** Ids a record's declared fields point to. */
export function referencesIn(
  fields: Readonly<Record<string, Field>>,
  values: Readonly<Record<string, unknown>> | null | undefined,
): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = values?.[name]
    return isErased(value) ? [] : [...(fieldType(field.type).references?.(value) ?? [])]
  })
}
