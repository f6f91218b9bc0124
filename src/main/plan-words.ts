/** What is wrong with a plan or its file, in words, with place and activity. */
import type { NamedPlan } from '#analysis/schedule/named-plan.ts'
import type { PlanProblem } from '#analysis/schedule/plan.ts'
import type { Say } from '#kernel/words.ts'
import type { PlanFileProblem } from './plan-files.ts'

/** A problem as `--json` reports it. */
export type ReportedProblem = {
  readonly code: string
  readonly severity: 'stop' | 'warn'
  readonly message: string
  readonly activity: string | null
  readonly line: number | null
  readonly column: number | null
  readonly at: string | null
}

/** A problem of the plan itself, with the names and places from its file. */
export function problemOfPlan(problem: PlanProblem, read: NamedPlan): PlanFileProblem {
  const name = (activity: number) => {
    const { uid, name } = read.named[activity]!
    return name === '' || name === String(uid) ? String(uid) : `${uid} ${name}`
  }
  // A chain is shown in full up to twenty, so that the message stays readable.
  const shown = problem.activities.slice(0, 20).map(name)
  const rest = problem.activities.length - shown.length
  const chain = [...shown, ...(rest > 0 ? [`… (${rest})`] : []), ...(problem.problem === 'loop' ? [shown[0]!] : [])]
  const first = problem.activities.at(-1)
  return {
    code: problem.problem,
    severity: 'stop',
    line: first === undefined ? null : read.named[first]!.line,
    activity: first === undefined || chain.length > 1 ? null : name(first),
    values: { chain: chain.join(' → '), reason: problem.reason ?? '' },
  }
}

/** Message of a problem: file and place, activity, what is wrong and what to do. */
export function reportProblem(problem: PlanFileProblem, file: string, say: Say): ReportedProblem {
  const { code, severity, activity, line, column = null, at = null } = problem
  const place =
    line !== null && column !== null
      ? say('plan.place.column', { file, line, column })
      : line !== null
        ? say('plan.place.line', { file, line })
        : at
          ? say('plan.place.at', { file, at })
          : say('plan.place.file', { file })
  const text = say(`plan.code.${code}`, { ...problem.values })
  const message = say('plan.problem', { place, severity, activity: activity ?? 'none', text })
  return { code, severity, message, activity, line, column, at }
}
