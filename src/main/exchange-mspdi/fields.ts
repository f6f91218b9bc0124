/** Values of MSPDI elements. What cannot be read is reported by element and line, and counts as missing. */
import { onGrid } from '#analysis/calendar/calendar.ts'
import { parseLocalTime } from '#analysis/calendar/local-time.ts'
import type { FileProblem } from '#analysis/schedule/named-plan.ts'
import { firstInstant, lastInstant } from '#analysis/schedule/plan-check.ts'
import type { XmlElement } from '#platform/xml/index.ts'

export type ReportProblem = (problem: FileProblem) => void

/** Name without a prefix. */
export const localName = (name: string): string => {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

export function child(element: XmlElement, name: string): XmlElement | undefined {
  for (const each of element.children) if (each.name === name || localName(each.name) === name) return each
  return undefined
}

export const children = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element ? element.children.filter((each) => each.name === name || localName(each.name) === name) : []

/** Reads the fields of one element (a task, a link …) and reports what is wrong with them. */
export class ElementFields {
  readonly element: XmlElement
  readonly #report: ReportProblem
  readonly #activity: string | null
  readonly #texts = new Map<string, XmlElement>()

  constructor(element: XmlElement, report: ReportProblem, activity: string | null = null) {
    this.element = element
    this.#report = report
    this.#activity = activity
    for (const each of element.children) {
      const name = localName(each.name)
      if (each.children.length === 0 && !this.#texts.has(name)) this.#texts.set(name, each)
    }
  }

  text(name: string): string | null {
    const text = this.#texts.get(name)?.text.trim()
    return text === undefined || text === '' ? null : text
  }

  flag(name: string): boolean {
    const text = this.text(name)
    return text === '1' || text === 'true'
  }

  number(name: string): number | null {
    return this.#read(name, 'number', (text) => (/^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : null))
  }

  /** Instant within the years a plan may have; "NA" means none. */
  instant(name: string): number | null {
    const instant = this.anyInstant(name)
    if (instant === null || (instant >= firstInstant && instant <= lastInstant)) return instant
    this.#report({
      code: 'date-out-of-years',
      severity: 'stop',
      line: this.#texts.get(name)!.line,
      activity: this.#activity,
      values: { field: name, text: this.text(name)!.slice(0, 40) },
    })
    return null
  }

  /** Instant of any year. */
  anyInstant(name: string): number | null {
    return this.#read(name, 'date', (text) => parseLocalTime(text.replace(/(?:Z|[+-]\d\d:\d\d)$/, '')))
  }

  /** Minutes. */
  duration(name: string): number | null {
    return this.#read(name, 'duration', parseDuration)
  }

  #read(name: string, kind: string, parse: (text: string) => number | null): number | null {
    const text = this.text(name)
    if (text === null || text === 'NA') return null
    const value = parse(text)
    if (value === null)
      this.#report({
        code: `bad-${kind}`,
        severity: 'stop',
        line: this.#texts.get(name)!.line,
        activity: this.#activity,
        values: { field: name, text: text.slice(0, 40) },
      })
    return value
  }
}

const durationPattern = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/**
 * Minutes of an ISO 8601 duration. Microsoft Project writes hours, minutes and seconds only; a day in it is 24 hours.
 */
export function parseDuration(text: string): number | null {
  const found = durationPattern.exec(text)
  if (!found || text.endsWith('P') || text.endsWith('T')) return null
  const [years, months, days, hours, minutes, seconds] = found.slice(2).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (years > 0 || months > 0) return null
  const total = days * 1440 + hours * 60 + minutes + seconds / 60
  return onGrid(found[1] ? -total : total)
}

/** `PT8H0M0S` */
export function durationText(minutes: number): string {
  const seconds = Math.round(Math.abs(minutes) * 60)
  return `${minutes < 0 && seconds > 0 ? '-' : ''}PT${Math.floor(seconds / 3600)}H${Math.floor(seconds / 60) % 60}M${seconds % 60}S`
}

/** Whether a duration format of MSPDI counts elapsed time (`ed`, `ew` …). */
export const isElapsed = (format: number | null): boolean =>
  format !== null && [4, 6, 8, 10, 12, 36, 38, 40, 42, 44, 20, 52].includes(format)

/** Whether a lag format of MSPDI is a percentage. */
export const isPercent = (format: number | null): boolean => format !== null && [19, 20, 51, 52].includes(format)
