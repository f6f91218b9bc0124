/**
 * The log of the program: one JSON line per event on standard output, gathered for a moment so that a busy server does
 * not write for every request. Never holds bodies, cookies or names of people.
 */
import type { Log } from './context.ts'

export const logLevels = ['silent', 'error', 'warn', 'info'] as const
export type LogLevel = (typeof logLevels)[number]

export type OpenLog = Log & {
  readonly level: LogLevel
  /** Writes what is gathered, at once. */
  readonly flush: () => void
}

export type LogOptions = {
  /** What is written at most; `info` unless said otherwise. */
  readonly level?: LogLevel
  /** Where lines go; standard output unless said otherwise. */
  readonly write?: (lines: string) => void
  readonly now?: () => Date
}

/** The level named by the environment variable LOG; an unknown word is refused by name. */
export function levelOf(word: string | undefined): LogLevel {
  if (word === undefined || word === '') return 'info'
  const level = logLevels.find((each) => each === word.toLowerCase())
  if (!level) throw new Error(`LOG is "${word}", and must be one of ${logLevels.join(', ')}.`)
  return level
}

const atExit = new Set<() => void>()
const flushAll = () => {
  for (const flush of atExit) flush()
}
const gatherMs = 50
const gatherLength = 32_768

/** Opens a log. Errors and warnings are written at once, the rest within 50 milliseconds. */
export function openLog(options: LogOptions = {}): OpenLog {
  const { level = 'info', write = (lines) => process.stdout.write(lines), now = () => new Date() } = options
  const most = logLevels.indexOf(level)
  let gathered = ''
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (gathered === '') return
    const lines = gathered
    gathered = ''
    write(lines)
  }
  const put = (name: LogLevel, facts: Record<string, unknown>, message: string) => {
    if (logLevels.indexOf(name) > most) return
    gathered += `${line({ time: now().toISOString(), level: name, message, ...facts })}\n`
    if (name !== 'info' || gathered.length > gatherLength) flush()
    else timer ??= setTimeout(flush, gatherMs).unref()
  }
  if (atExit.size === 0) process.once('exit', flushAll)
  atExit.add(flush)
  return {
    level,
    flush,
    info: (facts, message) => put('info', facts, message),
    warn: (facts, message) => put('warn', facts, message),
    error: (facts, message) => put('error', facts, message),
  }
}

function line(facts: Record<string, unknown>): string {
  try {
    return JSON.stringify(facts)
  } catch {
    return JSON.stringify({
      ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)])),
    })
  }
}
