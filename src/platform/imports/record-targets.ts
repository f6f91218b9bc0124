/** What the columns of a table can mean for a kind of record: read off its declaration, so that no kind needs an import of its own. */
import type { Field, RecordKind } from '#kernel/record.ts'
import type { Registry, WellKnownKinds } from '#kernel/registry.ts'
import { languages } from '#kernel/words.ts'
import type { CellValue } from '../tabular/index.ts'

export type RecordTarget =
  | { readonly what: 'code' | 'title' }
  /** Title or text of one language. */
  | { readonly what: 'text'; readonly name: string; readonly language: string }
  | { readonly what: 'field'; readonly name: string; readonly field: Field }
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
    const { to } = field
    if (to) targets.set(name, { what: 'reference', name, kinds: [to], many: field.type === 'refs' })
    else targets.set(name, { what: 'field', name, field })
    if (field.localized) localized(name)
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

/** A body is its own organisation where nothing else is said. */
export const isItsOwnBody = (kind: RecordKind, wellKnown: WellKnownKinds): boolean =>
  kind.kind === wellKnown.organisation

const yes = new Set(['true', 'yes', 'y', '1', 'x', '✓', '是', '对'])
const no = new Set(['false', 'no', 'n', '0', '否', '不'])
const plain = (text: string) => text.normalize('NFKC').trim().toLowerCase()

/**
 * The value of a field that a text means. What does not fit is handed on as it is: the gate says so, at its place, in
 * the same words as everywhere else.
 */
export function fieldValue(registry: Registry, kind: RecordKind, name: string, field: Field, cell: CellValue): unknown {
  if (cell === null || typeof cell === 'boolean') return cell
  if (typeof cell === 'object') return field.type === 'day' ? cell.from : cell.label
  const text = String(cell).trim()
  switch (field.type) {
    case 'whole':
      return /^-?\d{1,9}$/.test(text) ? Number(text) : text
    case 'flag':
      return yes.has(plain(text)) ? true : no.has(plain(text)) ? false : text
    case 'choice':
      return choiceOf(registry, kind, name, field, text)
    case 'choices':
      return partsOf(text).map((part) => choiceOf(registry, kind, name, field, part))
    case 'list':
      return partsOf(text).map((part) => ({ [registry.language]: part }))
    default:
      return text
  }
}

/** `a; b；c` as three texts. */
export const partsOf = (text: string): string[] =>
  text
    .split(/[;；\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** A choice by its name, or by what it is called in any language. */
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
