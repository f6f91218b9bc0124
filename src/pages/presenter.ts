/** Turns what records hold into the words of one reader: names, states, days, instants, numbers, references. */
import { isDay } from '#kernel/day.ts'
import type { DisplayValue, Reader } from '#kernel/fields/field.ts'
import { fieldType } from '#kernel/fields/types.ts'
import { addressOf } from '#kernel/projections/endpoints.ts'
import type { Field } from '#kernel/record.ts'
import { type Localized, localize } from '#kernel/words.ts'
import { isSignedIn } from '#platform/caller.ts'
import type { Context } from '#platform/context.ts'
import { isErased, type Name, namesOf } from '#platform/records/index.ts'
import { dayAt } from '#platform/today.ts'
import { type Decimal, formatNumber, isDecimal } from '#values/decimal.ts'
import { formatDay, formatInstant, formatWeekday, instantOf } from '#values/moment.ts'
import { formatPeriod, formatShortPeriod, type Grain, grainOf } from '#values/period.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import type { NamedLink, Text } from '#web/parts/name.tsx'

export type { NamedLink, Text } from '#web/parts/name.tsx'

export type Stage = 'draft' | 'under-way' | 'ended'

export type Presenter = ReturnType<typeof presenterOf>

/** A period as rows store it. Without a label or a stated grain it is written by its days. */
export type PeriodRow = {
  readonly from: string
  readonly to: string
  readonly label: string | null
  readonly grain?: string | null
}

/** Everything that needs the reader's language, in one place. */
export function presenterOf(ctx: Context) {
  const { words } = ctx.registry
  const say = words.say(ctx.language)
  const has = (key: string) => words.has(ctx.language, key) || words.has('en', key)
  const text = (localized: Localized | null | undefined): Text => {
    const { text: found, lang } = localize(localized ?? {}, ctx.language, ctx.registry.language)
    return lang === ctx.language || lang === 'und' ? { text: found } : { text: found, lang }
  }
  const kindOf = (kind: string) => ctx.registry.kind(kind).declaration
  const base = (kind: string) => addressOf(kindOf(kind))
  /** The page of a record, opened at a step that it offers. */
  const href = (kind: string, code: string, verb?: string) =>
    `${base(kind)}/${code}${verb === undefined ? '' : `?do=${verb}#act-${verb}`}`
  const named = ({ kind, code, title }: Pick<Name, 'kind' | 'code' | 'title'>): NamedLink => ({
    ...text(title),
    href: href(kind, code),
  })
  const stateOf = (kind: string, state: string) => say(`${kind}.state.${state}`)
  const stageOf = (kind: string, state: string): Stage => {
    const { states, closed } = kindOf(kind)
    if (closed.includes(state)) return 'ended'
    return states[0] === state && states.length - closed.length > 1 ? 'draft' : 'under-way'
  }
  const choice = (kind: string, field: string, chosen: string) => say(`${kind}.choice.${field}.${chosen}`)
  const period = (
    { from, to, label, grain }: PeriodRow,
    write: typeof formatPeriod | typeof formatShortPeriod = formatPeriod,
  ) => {
    const known = label === null ? 'custom' : ((grain as Grain | null | undefined) ?? grainOf({ from, to }))
    return write({ from, to, grain: known, label: label ?? '' }, ctx.language)
  }
  const day = (value: string) => (isDay(value) ? formatDay(value, ctx.language) : value)
  // Four digits may be a year, and are too short to need grouping.
  const number = (value: string | number, most = Infinity) =>
    isDecimal(String(value)) && most > 9999
      ? formatNumber(String(value), ctx.language, { decimals: { min: 0, max: 18 } })
      : String(value)
  const fieldLabel = (kind: string, name: string): string => {
    const own = `${kind}.field.${name}`
    if (has(own)) return say(own)
    return say(`record.field.${name}`)
  }
  const reference = (id: string, names: ReadonlyMap<string, Name>): DisplayValue => {
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
            // Money with cents shows both digits of them.
            ...(style?.kind === 'money' ? { decimals: value.includes('.') ? 2 : 0 } : {}),
          })
        : value,
    period: ({ label }) => label,
    choice,
    reference: (id) => reference(id, names),
  })

  /** A value of a declared field; `choices` is the prefix of the words of its choices. */
  const value = (field: Field, choices: string, given: unknown, names: ReadonlyMap<string, Name>): DisplayValue => {
    if (given === null || given === undefined || (Array.isArray(given) && given.length === 0)) return { as: 'nothing' }
    if (isErased(given)) return { as: 'erased' }
    return fieldType(field.type).shown(
      given,
      reader((value) => say(`${choices}.${value}`), names),
      field,
    )
  }

  /** A value whose field is gone or has a different shape today. */
  const formerValue = (given: unknown): DisplayValue => {
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
    /** The words of a text alone, for sentences and lists that cannot mark another language. */
    plain: (localized: Localized | null | undefined): string => text(localized).text,
    base,
    /** Address of a record. */
    href,
    named,
    /** Reads the names of several records together; by id, null where there is none to show. */
    names: async (ids: ReadonlyArray<string | null | undefined>) => {
      const found = await namesOf(ctx, ids)
      return (id: string | null | undefined): NamedLink | null => {
        const name = id ? found.get(id) : undefined
        return name ? named(name) : null
      }
    },
    /** A record in a list to choose from: 'Cleaner air (OUT-0007)'. */
    option: ({ id, code, title }: Pick<Name, 'id' | 'code' | 'title'>): RecordOption => {
      const { text: name, lang } = text(title)
      return { id, label: `${name} (${code})`, ...(lang ? { lang } : {}) }
    },
    choice,
    /** The choices of a field, or of a row's field as `rows.field`, for a list in a form. */
    choices: (kind: string, field: string, of: readonly string[]) =>
      of.map((each) => ({ value: each, label: choice(kind, field, each) })),
    day,
    /** The city's calendar day of an instant. */
    dayOf: (at: string) => formatDay(dayAt(ctx, at), ctx.language),
    /** A recent instant: 'Thursday 1 January'. */
    weekday: (at: string) => formatWeekday(instantOf(at), ctx.language, ctx.city.timeZone),
    period,
    /** The same where space is short, as under a chart. */
    shortPeriod: (shown: PeriodRow) => period(shown, formatShortPeriod),
    /** An amount in whole units of its currency; the sign ¤ where none is stated. */
    money: (amount: Decimal, currency: string | null) =>
      formatNumber(amount, ctx.language, { kind: 'money', ...(currency ? { currency } : {}), decimals: 0 }),
    number,
    fieldLabel,
    value,
    reference,
    instant,
    kind: (kind: string) => say(kind),
    plural: (kind: string) => say(`${kind}.plural`),
    /** What a kind is called beside a number. */
    counted: (kind: string, count: number) => say(count === 1 ? kind : `${kind}.plural`),
    state: stateOf,
    stage: stageOf,
    /** The state of a record as a list or a page marks it. */
    stateShown: (kind: string, state: string) => ({ label: stateOf(kind, state), stage: stageOf(kind, state) }),
    /** What a verb is called on a button: its own word, else the state it leads to. */
    verb: (kind: string, name: string, to?: string) => {
      const own = [`${kind}.verb.${name}`, `record.verb.${name}`].find(has)
      if (own) return say(own)
      return to ? say('record.page.to-state', { state: say(`${kind}.state.${to}`) }) : name
    },
    signedIn: isSignedIn(ctx.caller),
  }
}

/** Ids that a record's declared fields point to. */
export function referencesIn(
  fields: Readonly<Record<string, Field>>,
  values: Readonly<Record<string, unknown>> | null | undefined,
): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = values?.[name]
    return isErased(value) ? [] : [...(fieldType(field.type).references?.(value) ?? [])]
  })
}
