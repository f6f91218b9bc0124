/**
 * What the columns of a table can mean for a kind of record: derived from its declaration, so that no kind needs an
 * import of its own.
 */

import type { Field, Parts } from '#kernel/fields/field.ts'
import { isSingleReference, targetKinds } from '#kernel/fields/reference.ts'
import { fieldType } from '#kernel/fields/types.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { Registry, WellKnownKinds } from '#kernel/registry.ts'
import { languages } from '#kernel/words.ts'
import { between, fileMedium } from '../content/index.ts'
import type { CellValue } from '../tabular/index.ts'
export type RecordTarget =
  | { readonly what: 'code' | 'title' }
  /** Title or text in one language. */
  | { readonly what: 'text'; readonly name: string; readonly language: string }
  | { readonly what: 'field'; readonly name: string; readonly field: Field }
  /** One part of a value that has several: the currency of an amount. */
  | {
      readonly what: 'part'
      readonly name: string
      readonly field: Field
      readonly part: string
      readonly language?: string
    }
  /** A record or records of other kinds, by identity, code or name. */
  | { readonly what: 'reference'; readonly name: string; readonly kinds: readonly string[]; readonly many: boolean }
  | { readonly what: 'link'; readonly name: string; readonly kinds: readonly string[] }
  | { readonly what: 'weight'; readonly name: string }

/** Every target a mapping may name for a kind, in the order of the declaration. */
export function recordTargets(kind: RecordKind, wellKnown: WellKnownKinds): ReadonlyMap<string, RecordTarget> {
  const targets = new Map<string, RecordTarget>([['title', { what: 'title' }]])
  const localized = (name: string) => {
    for (const language of languages) targets.set(`${name}.${language}`, { what: 'text', name, language })
  }
  for (const [name, field] of Object.entries(kind.fields)) {
    const kinds = targetKinds(field)
    if (kinds !== 'any' && kinds.length > 0)
      targets.set(name, { what: 'reference', name, kinds, many: !isSingleReference(field) })
    else targets.set(name, { what: 'field', name, field })
    if (field.localized) localized(name)
    else
      for (const { name: part, language } of fieldType(field.type).parts(field, fileMedium))
        if (part !== '')
          targets.set(`${name}.${part}`, { what: 'part', name, field, part, ...(language ? { language } : {}) })
  }
  for (const [name, link] of Object.entries(kind.links)) {
    targets.set(`links.${name}`, { what: 'link', name, kinds: link.to })
    if (link.weighted) targets.set(`links.${name}.weight`, { what: 'weight', name })
  }
  targets.set('organisation', { what: 'reference', name: 'organisation', kinds: [wellKnown.organisation], many: false })
  targets.set('owner', { what: 'reference', name: 'owner', kinds: [wellKnown.post], many: false })
  if (kind.title.localized) localized('title')
  targets.set('code', { what: 'code' })
  return targets
}

/** An organisation is its own organisation by default. */
export const isItsOwnOrganisation = (kind: RecordKind, wellKnown: WellKnownKinds): boolean =>
  kind.kind === wellKnown.organisation

const yes = new Set(['true', 'yes', 'y', '1', 'x', '✓', '是', '对'])
const no = new Set(['false', 'no', 'n', '0', '否', '不'])
const plain = (text: string) => text.normalize('NFKC').trim().toLowerCase()

/**
 * The field value of a cell, with what other columns say about its parts. A value that does not fit is passed on
 * unchanged: the gate reports it, at its place, in the same words as everywhere else.
 */
export function fieldValue(
  registry: Registry,
  kind: RecordKind,
  name: string,
  field: Field,
  cells: Readonly<Record<string, CellValue>>,
): unknown {
  const type = fieldType(field.type)
  const parts: Record<string, string | string[]> = {}
  for (const part of type.parts(field, fileMedium)) {
    // Text without a language is in the city's.
    const cell = cells[part.name] ?? (part.language === registry.language ? cells[''] : undefined)
    if (cell === undefined || cell === null) continue
    const whole = typeof cell === 'object' ? (part.holds === 'day' ? cell.from : cell.label) : String(cell)
    const text = whole.trim()
    const read = (each: string) =>
      part.holds === 'flag' ? flagOf(each) : type.namesChoices ? choiceOf(registry, kind, name, field, each) : each
    // Where places mean something, the house's own tables keep the empty ones.
    const places = part.ordered && whole.includes(between.trim()) ? whole.split(/ ?\| ?/) : null
    parts[part.name] = places ?? (part.several ? partsOf(text).map(read) : read(text))
  }
  if (Object.keys(parts).length === 0) return null
  const joined = type.join(parts as Parts, field, fileMedium, null)
  return 'value' in joined ? joined.value : Object.values(parts)[0]
}

const flagOf = (text: string): string => (yes.has(plain(text)) ? 'true' : no.has(plain(text)) ? 'false' : text)

/** `a; b；c` as three texts, or `a | b` as our own tables write them. */
export const partsOf = (text: string): string[] =>
  text
    .split(text.includes(between) ? between : /[;；\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** A choice by its name, or by its label in any language. */
function choiceOf(registry: Registry, kind: RecordKind, name: string, field: Field, text: string): string {
  const wanted = plain(text)
  const found = (field.of ?? []).find(
    (choice) =>
      plain(choice) === wanted ||
      languages.some(
        (language) => plain(registry.words.say(language)(`${kind.kind}.choice.${name}.${choice}`)) === wanted,
      ),
  )
  return found ?? text
}
