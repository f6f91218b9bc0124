/**
 * What an import says about a file: problems by row and column, and notes about the whole. Codes first, words when
 * read.
 */
import type { Say } from '#kernel/words.ts'
import { problemCodes, type Severity, severityOf, type TableProblem, wordValues } from '../tabular/index.ts'

export type ImportValues = Readonly<Record<string, string | number>>

/**
 * `row` is the line of the file, `column` the name of its column. Codes of the file reader stand alone
 * (`cell.not-a-number`), codes of an import begin with `import.`, all others are the gate's.
 */
export type ImportProblem = TableProblem

/**
 * Problems with the profile or the whole file end the import; hints are only reported; other codes reject their row.
 */
export function weightOf(code: string): Severity {
  if (code.startsWith('import.profile-') || code.startsWith('import.file-')) return 'stop'
  return code.startsWith('import.hint-') ? 'warn' : severityOf(code)
}

/** The sentence for a problem: what is wrong, where, and how to fix it. */
export function messageOf(problem: ImportProblem, say: Say): string {
  if (problem.sheet === undefined) return sentenceOf(problem, say)
  const { sheet, cell = '' } = problem
  return say('tabular.in-sheet', { sheet, cell, hasCell: cell === '' ? 'no' : 'yes', what: sentenceOf(problem, say) })
}

function sentenceOf(problem: ImportProblem, say: Say): string {
  if (Object.hasOwn(problemCodes, problem.code)) return say(`tabular.${problem.code}`, wordValues(problem))
  const values = wordValues(problem)
  if (problem.code.startsWith('import.')) return say(problem.code, values)
  return say('import.at-place', {
    row: problem.row ?? 0,
    column: problem.column ?? '',
    hasColumn: problem.column ? 'yes' : 'no',
    what: say(`problem.${problem.code}`, values),
  })
}
