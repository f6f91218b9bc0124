/** The words that rooms have to say, from what their manifests declare. */
import { wordKeysOf } from '#kernel/projections/fieldset.ts'
import type { List } from '#pages/list/declare.ts'
import { figureWord } from '#platform/figure.ts'
import type { Manifest } from '#platform/module.ts'
import type { RowForm } from '#platform/row-form.ts'

const ofLists = ({ kind, title, lead, columns, further, filters, saved, links }: List): string[] => [
  title,
  lead,
  ...[...columns, ...further, ...links].flatMap((each) => (typeof each === 'string' ? [] : [each.label])),
  // A filter without values has no control; only links set it.
  ...filters.flatMap((each) => (typeof each === 'string' || !each.of ? [] : [each.label])),
  ...saved.map(({ name }) => `${kind.kind}.view.${name}`),
]

const ofRowForms = ({ lead, whyHint, derive }: RowForm): string[] => [
  ...[lead, whyHint].flatMap((key) => key ?? []),
  ...(derive ? [derive.words, `${derive.words}.note`, `${derive.words}.missing`] : []),
]

/**
 * Every key that these rooms must have in each language, but for sentences that are chosen while something is read: see
 * `unsaidFindings`, and the problems that rules and queries return.
 */
export const wordKeysOfRooms = (rooms: readonly Manifest[]): string[] =>
  rooms.flatMap((room) => [
    ...(room.kinds ?? []).flatMap(wordKeysOf),
    ...(room.verbs ?? []).map(({ kind, name }) => `${kind}.verb.${name}`),
    ...(room.navigation ?? []).flatMap(({ label, section }) => [label, `section.${section}`]),
    ...(room.lists ?? []).flatMap((each) => ofLists(each as List)),
    ...(room.rowForms ?? []).flatMap(ofRowForms),
    ...(room.figures ?? []).flatMap(({ id }) => [figureWord(id), `${figureWord(id)}.meaning`]),
    ...(room.findings ?? []).flatMap(({ key }) =>
      ['', '.counted', '.step'].map((part) => `${key.replace('.', '.finding.')}${part}`),
    ),
  ])

/** Findings that have no sentence about one record, neither `.one` nor one for a reason: the keys of `.one`. */
export const unsaidFindings = (rooms: readonly Manifest[], known: ReadonlySet<string>): string[] =>
  rooms
    .flatMap(({ findings = [] }) => findings.map(({ key }) => `${key.replace('.', '.finding.')}.`))
    .filter((start) => {
      const sentences = [...known].filter((key) => key.startsWith(start)).map((key) => key.slice(start.length))
      return sentences.every((name) => ['counted', 'step', 'act'].includes(name))
    })
    .map((start) => `${start}one`)

/** Keys of a room's own problems that are written down in its program: `code: 'room.reason'`, `objections('room.reason', …)`. */
export const problemKeysIn = (room: string, text: string): string[] =>
  [...text.matchAll(/\b(?:code: |objections\(\s*)'([a-z][a-z-]*)\.([a-z][a-z-]*)'/g)]
    .filter(([, of]) => of === room)
    .map(([, of, reason]) => `problem.${of}.${reason}`)
