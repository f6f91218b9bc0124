/** A new version of the vision compared with the previous one: which sentences stay, which replaces which. */
import type { FieldProblem } from '#kernel/problem.ts'
import type { Localized } from '#kernel/words.ts'

export type OldSentence = { readonly id: string; readonly title: Localized }

/** Share of common character pairs (Dice) from which a changed sentence counts as a rewording of an old one. */
const alike = 0.35

/**
 * For each new sentence the old one it replaces: identical text first, then the most similar of the rest. A guess for
 * the preview, where it can be changed; every old sentence is used at most once.
 */
export function guessReplacements(before: readonly OldSentence[], after: readonly Localized[]): Array<string | null> {
  const found: Array<string | null> = after.map(() => null)
  const left = new Map(before.map((each) => [each.id, each.title]))
  const take = (index: number, id: string) => {
    found[index] = id
    left.delete(id)
  }
  for (const [index, text] of after.entries()) {
    const same = [...left].find(([, old]) => sameText(old, text))
    if (same) take(index, same[0])
  }
  const pairs = after
    .flatMap((text, index) =>
      found[index] ? [] : [...left].map(([id, old]) => ({ index, id, likeness: likenessOf(old, text) })),
    )
    .filter((pair) => pair.likeness >= alike)
    .sort((one, other) => other.likeness - one.likeness)
  for (const { index, id } of pairs) if (found[index] === null && left.has(id)) take(index, id)
  return found
}

/** Are two texts identical in every language they share? */
export function sameText(one: Localized, other: Localized): boolean {
  const shared = Object.keys(one).filter((language) => other[language])
  return shared.length > 0 && shared.every((language) => one[language]!.trim() === other[language]!.trim())
}

function likenessOf(one: Localized, other: Localized): number {
  const shared = Object.keys(one).filter((language) => other[language])
  return Math.max(0, ...shared.map((language) => dice(pairsIn(one[language]!), pairsIn(other[language]!))))
}

function pairsIn(text: string): Map<string, number> {
  const letters = [
    ...text
      .toLowerCase()
      .replaceAll(/[\p{P}\s]+/gu, ' ')
      .trim(),
  ]
  const pairs = new Map<string, number>()
  for (let at = 0; at + 1 < letters.length; at++) {
    const pair = `${letters[at]}${letters[at + 1]}`
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  return pairs
}

function dice(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let common = 0
  for (const [pair, count] of one) common += Math.min(count, other.get(pair) ?? 0)
  const all = [...one.values(), ...other.values()].reduce((sum, count) => sum + count, 0)
  return all === 0 ? 0 : (2 * common) / all
}

export const maxSentences = 200

/**
 * Reads sentences written one per line in each language, line by line. Empty lines are skipped; an entirely empty
 * language is not written yet. Problems are at `/text/<language>`.
 */
export function readSentences(
  lines: Readonly<Record<string, string>>,
  first: string,
): { sentences: Localized[]; problems: FieldProblem[] } {
  const written = Object.entries(lines)
    .map(([language, text]) => [language, linesOf(text)] as const)
    .filter(([language, each]) => each.length > 0 || language === first)
  const main = written.find(([language]) => language === first)?.[1] ?? []
  const problems: FieldProblem[] = []
  if (main.length === 0) problems.push({ at: `/text/${first}`, code: 'field.required' })
  if (main.length > maxSentences)
    problems.push({ at: `/text/${first}`, code: 'field.too-many', values: { limit: maxSentences } })
  for (const [language, each] of written) {
    if (each.length !== main.length)
      problems.push({
        at: `/text/${language}`,
        code: 'strategy.lines-differ',
        values: { lines: each.length, expected: main.length },
      })
    const long = each.findIndex((line) => line.length > 600)
    if (long >= 0)
      problems.push({
        at: `/text/${language}`,
        code: 'strategy.sentence-too-long',
        values: { line: long + 1, limit: 600 },
      })
  }
  const sentences = main
    .slice(0, maxSentences)
    .map((_, index) =>
      Object.fromEntries(written.flatMap(([language, each]) => (each[index] ? [[language, each[index]]] : []))),
    )
  return { sentences, problems }
}

const linesOf = (text: string) =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
