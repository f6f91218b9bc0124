/** The mapping of a table to records of one kind: what its columns can mean, guesses for them, and the profile. */

import { fieldType } from '#kernel/fields/types.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { Registry } from '#kernel/registry.ts'
import { type Language, languages } from '#kernel/words.ts'
import { fileMedium } from '#platform/content/index.ts'
import { type RecordTarget, recordTargets } from '#platform/imports/index.ts'
import { type ColumnGuess, type Profile, type Recognition, rulesOf } from '#platform/tabular/index.ts'
import type { ColumnForm } from './actions-import-form-table.ts'
export type Meaning = { readonly value: string; readonly label: string }

/** What a column may mean for a kind, in the reader's words; texts of the city's own language need no name of it. */
export function kindMeanings(registry: Registry, kind: RecordKind, language: Language): Meaning[] {
  return [...recordTargets(kind, registry.wellKnown)]
    .filter(([, target]) => target.what !== 'text' || target.language !== registry.language)
    .map(([value, target]) => ({ value, label: labelOf(registry, kind, value, target, language) }))
}

function labelOf(registry: Registry, kind: RecordKind, name: string, target: RecordTarget, language: Language): string {
  const say = registry.words.say(language)
  const field = (of: string) => (of in kind.fields ? say(`${kind.kind}.field.${of}`) : say(`record.field.${of}`))
  if (target.what === 'text' || (target.what === 'part' && target.language))
    return say('indicators.import.in-language', {
      what: field(target.name),
      language: say(`indicators.import.language.${target.language}`),
    })
  if (target.what === 'link') return say(`${kind.kind}.link.${target.name}`)
  if (target.what === 'weight')
    return say('indicators.import.weight-of', { what: say(`${kind.kind}.link.${target.name}`) })
  if (target.what === 'part')
    return say('record.part-of', { field: field(target.name), part: say(`web.part.${target.part}`) })
  return field(name)
}

/** Columns that usually mean the same, whatever the kind calls it. */
const usual: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(code|number|nr|编号)$/i, 'code'],
  [/^(name|title|名称|标题)$/i, 'title'],
  [/descri|说明|描述/i, 'description'],
  [/organi[sz]ation|department|agency|^body|机构|部门|单位/i, 'organisation'],
  [/owner|responsible|负责/i, 'owner'],
]

/** A first mapping: columns that are called as the kind calls its fields, in any language; the rest stays open. */
export function guessKindColumns(registry: Registry, kind: RecordKind, recognition: Recognition): ColumnForm[] {
  const targets = recordTargets(kind, registry.wellKnown)
  const taken = new Set<string>()
  const labels = new Map<string, string>()
  for (const language of languages)
    for (const [name, target] of targets) labels.set(plain(labelOf(registry, kind, name, target, language)), name)
  for (const language of languages) labels.set(plain(registry.words.say(language)(kind.kind)), 'title')
  for (const name of targets.keys()) labels.set(plain(name), name)
  const find = (column: ColumnGuess): string => {
    const exact = labels.get(plain(column.name))
    if (exact) return exact
    const known = usual.find(([pattern, name]) => targets.has(name) && pattern.test(column.name))?.[1]
    return known ?? likeness(column.name, labels)
  }
  let columns = recognition.columns.map((column): ColumnForm => {
    const found = find(column)
    const to = taken.has(found) ? '' : found
    if (to !== '') taken.add(to)
    return { ...open, to, as: to === '' ? looksLike(column) : readingOf(targets.get(to)) }
  })
  // The first column of words names the records where none is called so.
  const first = recognition.columns.findIndex(
    (column, index) => columns[index]!.to === '' && (column.kind === 'text' || column.kind === 'choice'),
  )
  if (!taken.has('title') && first >= 0)
    columns = columns.map((each, at) => (at === first ? { ...each, to: 'title' } : each))
  const identifier = recognition.columns.findIndex((column) => column.kind === 'identifier')
  const title = columns.findIndex((column) => column.to === 'title')
  const identity = identifier >= 0 && columns[identifier]!.to !== 'code' ? identifier : title
  return columns.map((column, at) => ({ ...column, id: at === identity }))
}

/** The one target whose label has all the words of a name, or the other way round; nothing where there are several. */
function likeness(name: string, labels: ReadonlyMap<string, string>): string {
  const words = plain(name).split(' ')
  const found = new Set<string>()
  for (const [label, target] of labels) {
    const others = label.split(' ')
    const [few, many] = words.length <= others.length ? [words, others] : [others, words]
    if (few.every((word) => word.length > 2 && many.includes(word))) found.add(target)
  }
  return found.size === 1 ? [...found][0]! : ''
}

const looksLike = (column: ColumnGuess) =>
  column.kind === 'day' ? 'day' : column.kind === 'number' ? 'number' : column.kind === 'percent' ? 'percent' : 'text'

const open: ColumnForm = { to: '', as: 'text', period: '', status: 'actual', choices: '', id: false, colour: false }
const plain = (text: string) =>
  text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')

/** How the cells of a column with this meaning are read, unless the person says otherwise. */
export function readingOf(target: RecordTarget | undefined): string {
  if (target?.what === 'weight') return 'number'
  if (target?.what !== 'field' && target?.what !== 'part') return 'text'
  const { field } = target
  const wanted = target.what === 'part' ? target.part : ''
  const part = fieldType(field.type)
    .parts(field, fileMedium)
    .find(({ name }) => name === wanted)
  return part?.holds === 'day' || part?.holds === 'number' ? part.holds : 'text'
}

export type Required = { readonly name: string; readonly label: string; readonly choices: readonly Meaning[] | null }

/** What every record of the kind has to say, so that the form asks for it where no column does. */
export function requiredOf(registry: Registry, kind: RecordKind, language: Language): Required[] {
  const say = registry.words.say(language)
  return Object.entries(kind.fields)
    .filter(([, field]) => field.required)
    .map(([name, field]) => ({
      name,
      label: say(`${kind.kind}.field.${name}`),
      choices:
        fieldType(field.type).namesChoices && fieldType(field.type).orderless !== true
          ? (field.of ?? []).map((value) => ({ value, label: say(`${kind.kind}.choice.${name}.${value}`) }))
          : null,
    }))
}

type KindForm = { readonly columns: readonly ColumnForm[]; readonly constants: Readonly<Record<string, string>> }

/** The columns of a profile for a kind, out of the form. */
export function kindColumns(form: KindForm, header: readonly string[], choicesFrom: (text: string) => unknown) {
  const columns: Record<string, unknown> = {}
  const ignore: string[] = []
  for (const [index, column] of form.columns.entries()) {
    const name = header[index]
    if (name === undefined) continue
    if (column.to === '') {
      if (!column.id) ignore.push(name)
      continue
    }
    columns[name] = {
      to: column.to,
      ...(column.as === 'text' ? {} : { as: column.as }),
      ...(column.as === 'choice' ? { choices: choicesFrom(column.choices) } : {}),
      ...(column.to === 'title' ? { required: true } : {}),
    }
  }
  const mapped = new Set(form.columns.map(({ to }) => to))
  const constants = Object.fromEntries(
    Object.entries(form.constants).filter(([name, value]) => value.trim() !== '' && !mapped.has(name)),
  )
  return { columns, ignore, constants }
}

/** The columns of a profile of a kind as a form holds them; null where it says more than a form can show. */
export function kindColumnsOf(profile: Profile, header: readonly string[]): ColumnForm[] | null {
  const shown: ColumnForm[] = []
  for (const name of header) {
    const rules = rulesOf(profile.columns[name] ?? [])
    const [rule] = rules
    if (rules.length > 1) return null
    if (rule && Object.keys(rule).some((key) => !['to', 'as', 'choices', 'required'].includes(key))) return null
    shown.push({
      ...open,
      to: rule?.to ?? '',
      as: rule?.as ?? 'text',
      choices: Object.entries(rule?.choices ?? {})
        .map(([cell, value]) => `${cell} = ${value}`)
        .join('; '),
      id: profile.externalId?.columns?.includes(name) ?? false,
      colour: profile.file?.colours?.includes(name) ?? false,
    })
  }
  return shown
}
