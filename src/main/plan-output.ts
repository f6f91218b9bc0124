/** What commands about plans print while they work, besides their result. */
import type { Say } from '#kernel/words.ts'
import type { Output } from './command.ts'
import type { ReportedProblem } from './plan-words.ts'

/** One line on a terminal that counts up in steps of five per cent; nothing if the output is not a terminal. */
export function progressOn(text: (percent: number) => string, quiet: boolean): (share: number) => void {
  let shown = -1
  return (share) => {
    const percent = Math.floor(share * 20) * 5
    if (quiet || !process.stderr.isTTY || percent === shown) return
    shown = percent
    process.stderr.write(`\r${text(percent)}${percent === 100 ? '\r\u001B[K' : ''}`)
  }
}

export function reportProblems(problems: readonly ReportedProblem[], io: Output, say: Say): void {
  for (const { message } of problems.slice(0, 50)) io.err(message)
  if (problems.length > 50) io.err(say('plan.more', { count: problems.length - 50 }))
}
