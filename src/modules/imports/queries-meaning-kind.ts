/** What columns can mean in a table of records of one kind, with guesses: all from the declaration. */

import { fieldType } from '#kernel/fields/types.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { Registry } from '#kernel/registry.ts'
import { type Language, languages } from '#kernel/words.ts'
import { fileMedium } from '#platform/content/index.ts'
import { type ColumnForm, type RecordTarget, recordTargets } from '#platform/imports/index.ts'
import type { ColumnGuess, Recognition } from '#platform/tabular/index.ts'
import type { Question, RowMeaning } from './queries-meaning.ts'

export function kindMeaning(registry: Registry, kind: RecordKind, language: Language): RowMeaning {
  const targets = recordTargets(kind, registry.wellKnown)
  return {
    value: kind.kind,
    ofKind: true,
    title: 'title',
    required: ['title'],
    // Texts in the city's own language do not name it.
    meanings: [...targets]
      .filter(([, target]) => target.what !== 'text' || target.language !== registry.language)
      .map(([value, target]) => ({ value, label: labelOf(registry, kind, value, target, language) })),
    knows: (to) => targets.has(to),
    questions: questionsOf(registry, kind, language),
    guess: (recognition) => ({ columns: guessColumns(registry, kind, recognition), answers: {} }),
  }
}

/** What every record of the kind must state: asked for if no column says it. */
function questionsOf(registry: Registry, kind: RecordKind, language: Language): Question[] {
  const say = registry.words.say(language)
  return Object.entries(kind.fields)
    .filter(([, field]) => field.required)
    .map(([to, field]) => {
      const question = { to, label: say(`${kind.kind}.field.${to}`), unmapped: true }
      const { namesChoices, orderless } = fieldType(field.type)
      if (!namesChoices || orderless) return { ...question, hint: say('imports.by-column-hint') }
      const choices = (field.of ?? []).map((value) => ({ value, label: say(`${kind.kind}.choice.${to}.${value}`) }))
      return { ...question, choices, none: say('imports.by-column') }
    })
}

function labelOf(registry: Registry, kind: RecordKind, name: string, target: RecordTarget, language: Language): string {
  const say = registry.words.say(language)
  const field = (of: string) => (of in kind.fields ? say(`${kind.kind}.field.${of}`) : say(`record.field.${of}`))
  if (target.what === 'text' || (target.what === 'part' && target.language))
    return say('imports.in-language', {
      what: field(target.name),
      language: say(`imports.language.${target.language}`),
    })
  if (target.what === 'link') return say(`${kind.kind}.link.${target.name}`)
  if (target.what === 'weight') return say('imports.weight-of', { what: say(`${kind.kind}.link.${target.name}`) })
  if (target.what === 'part')
    return say('api.part-of', { field: field(target.name), part: say(`web.part.${target.part}`) })
  return field(name)
}

/** Column names that usually mean the same, whatever the kind calls it. */
const usual: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(code|number|nr|编号)$/i, 'code'],
  [/^(name|title|名称|标题)$/i, 'title'],
  [/descri|说明|描述/i, 'description'],
  [/organi[sz]ation|department|agency|^body|机构|部门|单位/i, 'organisation'],
  [/owner|responsible|负责/i, 'owner'],
]

/** A first mapping: columns named like the kind's fields, in any language; the rest stays open. */
function guessColumns(registry: Registry, kind: RecordKind, recognition: Recognition): ColumnForm[] {
  const targets = recordTargets(kind, registry.wellKnown)
  const taken = new Set<string>()
  const labels = new Map<string, string>()
  for (const language of languages)
    for (const [name, target] of targets) labels.set(plain(labelOf(registry, kind, name, target, language)), name)
  // A column may be called as a part of a value alone, or as a field that the value took the place of.
  for (const language of languages)
    for (const [name, field] of Object.entries(kind.fields))
      for (const [part, former] of Object.entries(field.formerly ?? {})) {
        const label = plain(registry.words.say(language)(`${kind.kind}.field.${former}`))
        if (part !== '' && !labels.has(label)) labels.set(label, `${name}.${part}`)
      }
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
  // Our own tables name the title by language, and every record by its code.
  const titled = [...taken].some((to) => to.startsWith('title.'))
  if (titled && taken.has('code')) return columns
  // Without a column named like the title, the first text column names the records.
  const first = recognition.columns.findIndex(
    (column, index) => columns[index]!.to === '' && (column.kind === 'text' || column.kind === 'choice'),
  )
  if (!taken.has('title') && !titled && first >= 0)
    columns = columns.map((each, at) => (at === first ? { ...each, to: 'title' } : each))
  const identifier = recognition.columns.findIndex((column) => column.kind === 'identifier')
  const title = columns.findIndex(({ to }) => to === 'title' || to.startsWith('title.'))
  const identity = identifier >= 0 && columns[identifier]!.to !== 'code' ? identifier : title
  return columns.map((column, at) => ({ ...column, id: at === identity }))
}

/** The one target whose label has all the words of a name, or the other way round; nothing if there are several. */
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

const open: ColumnForm = { to: '', as: 'text', period: '', status: '', choices: '', id: false, colour: false }
const plain = (text: string) =>
  text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')

/** How the cells of a column with this meaning are read, unless the person says otherwise. */
function readingOf(target: RecordTarget | undefined): string {
  if (target?.what === 'weight') return 'number'
  if (target?.what !== 'field' && target?.what !== 'part') return 'text'
  const { field } = target
  const wanted = target.what === 'part' ? target.part : ''
  const part = fieldType(field.type)
    .parts(field, fileMedium)
    .find(({ name }) => name === wanted)
  return part?.holds === 'day' || part?.holds === 'number' ? part.holds : 'text'
}
