/**
 * Regular expressions that users put into profiles. JavaScript's engine backtracks, so a pattern is accepted only if its
 * work stays small for any text: no repetition inside a repetition, no back references, no look-around, few open
 * repetitions, and texts of at most `longestText` characters.
 */

export const maxTextLength = 500
const maxPatternLength = 200

/** Why a pattern is refused; looked up as `tabular.pattern-reason.<reason>`. */
export type PatternReason =
  | 'too-long'
  | 'not-valid'
  | 'look-around'
  | 'back-reference'
  | 'nested-repetition'
  | 'too-many-repetitions'

export type SafePattern = {
  /** Number of groups that capture. */
  readonly groups: number
  /** The captured texts, or null where it does not match. `'too-long'`: the text was not tried. */
  readonly match: (text: string) => readonly string[] | null | 'too-long'
}

/** Compiles a pattern in Unicode mode, or returns why it is refused. */
export function compilePattern(source: string): SafePattern | { readonly refused: PatternReason } {
  if (source.length > maxPatternLength) return { refused: 'too-long' }
  let expression: RegExp
  let groups: number
  try {
    expression = new RegExp(source, 'u')
    groups = new RegExp(`${source}|`, 'u').exec('')!.length - 1
  } catch {
    return { refused: 'not-valid' }
  }
  const reason = dangerOf(source)
  if (reason) return { refused: reason }
  return {
    groups,
    match: (text) => {
      if (text.length > maxTextLength) return 'too-long'
      const found = expression.exec(text)
      return found === null ? null : found.slice(1).map((group) => group ?? '')
    },
  }
}

type Level = { varies: boolean; alternatives: boolean }

/**
 * Walks over a pattern that is known to be valid. Two repetitions of open length after `^`, or one without it, cost at
 * most 500² steps; four optional parts and three choices multiply that by a small constant.
 */
function dangerOf(source: string): PatternReason | null {
  const open: Level[] = [{ varies: false, alternatives: false }]
  let repetitions = 0
  let optionals = 0
  let choices = 0
  let last: Level = { varies: false, alternatives: false }
  const anchored = source.startsWith('^') && !hasTopAlternative(source)
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at]!
    if (sign === '\\') {
      if (/[1-9k]/.test(source[at + 1] ?? '')) return 'back-reference'
      at = endOfEscape(source, at)
      last = { varies: false, alternatives: false }
    } else if (sign === '[') {
      at = endOfClass(source, at)
      last = { varies: false, alternatives: false }
    } else if (sign === '(') {
      if (/^\(\?(=|!|<=|<!)/.test(source.slice(at, at + 4))) return 'look-around'
      open.push({ varies: false, alternatives: false })
      if (source[at + 1] === '?') at = source.indexOf(source[at + 2] === '<' ? '>' : ':', at)
    } else if (sign === ')') {
      last = open.pop()!
      const outer = open.at(-1)!
      outer.varies ||= last.varies
      outer.alternatives ||= last.alternatives
    } else if (sign === '|') {
      open.at(-1)!.alternatives = true
      choices += 1
    } else if (/[*+?{]/.test(sign)) {
      const quantifier = /^(\*|\+|\?|\{\d+(,\d*)?\})\??/.exec(source.slice(at))!
      at += quantifier[0].length - 1
      const once = quantifier[1] === '?'
      const fixed = /^\{\d+\}$/.test(quantifier[1]!)
      if (!once && (last.varies || last.alternatives)) return 'nested-repetition'
      if (once) optionals += 1
      else if (!fixed) repetitions += 1
      if (!fixed) open.at(-1)!.varies = true
      last = { varies: true, alternatives: false }
    } else last = { varies: false, alternatives: false }
  }
  const many = repetitions > (anchored ? 2 : 1) || optionals > 4 || choices > 40
  return many || groupsWithChoices(source) > 3 ? 'too-many-repetitions' : null
}

function hasTopAlternative(source: string): boolean {
  let depth = 0
  for (let at = 0; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1
    else if (source[at] === '[') at = endOfClass(source, at)
    else if (source[at] === '(') depth += 1
    else if (source[at] === ')') depth -= 1
    else if (source[at] === '|' && depth === 0) return true
  }
  return false
}

/** How many groups (the whole pattern included) hold a choice; choices in sequence multiply. */
function groupsWithChoices(source: string): number {
  const open = [false]
  let count = 0
  for (let at = 0; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1
    else if (source[at] === '[') at = endOfClass(source, at)
    else if (source[at] === '(') open.push(false)
    else if (source[at] === ')') open.pop()
    else if (source[at] === '|' && !open.at(-1)) {
      open[open.length - 1] = true
      count += 1
    }
  }
  return count
}

function endOfEscape(source: string, at: number): number {
  const braced = /^\\[pPu]\{[^}]*\}/.exec(source.slice(at))
  return braced ? at + braced[0].length - 1 : at + 1
}

function endOfClass(source: string, at: number): number {
  let end = at + 1
  while (source[end] !== ']') end += source[end] === '\\' ? 2 : 1
  return end
}
