/** Target and actual results of StratML as rows of an indicator. */
import { addDays, isDay } from '#kernel/day.ts'
import { safeExcerpt } from '#platform/exchange/index.ts'
import { type Frame, plainOf } from './exchange-stratml-frame.ts'
import type { ReadingRemarks } from './exchange-stratml-remarks.ts'

type Row = Record<string, unknown>

/** Numbers as stored (`xsd:decimal` also allows +1, 01 and .5). */
function numberOf(text: string): string | undefined {
  const found = /^([+-]?)0*(\d*)(?:\.(\d*))?$/.exec(text.trim())
  if (!found || !(found[2] || found[3] || /0/.test(text))) return undefined
  const fraction = found[3] ? `.${found[3]}` : ''
  const plain = `${found[2] || '0'}${fraction}`
  return found[1] === '-' && /[1-9]/.test(plain) ? `-${plain}` : plain
}

/** The last day of a period as people write it. */
const labelOf = (from: string, last: string): string => {
  if (from.slice(0, 4) === last.slice(0, 4) && from.endsWith('-01-01') && last.endsWith('-12-31'))
    return from.slice(0, 4)
  if (from.slice(0, 7) === last.slice(0, 7) && from.endsWith('-01') && addDays(last, 1).endsWith('-01'))
    return from.slice(0, 7)
  return from === last ? from : `${from}–${last}`
}

export class StratmlResults {
  readonly #remarks: ReadingRemarks

  constructor(remarks: ReadingRemarks) {
    this.#remarks = remarks
  }

  /** First day and first day after the end, of a plan or report. */
  daysOf(administrative: Frame | undefined): { from?: string; to?: string } {
    if (!administrative) return {}
    const from = this.#day(administrative, 'StartDate')
    const last = this.#day(administrative, 'EndDate')
    return { ...(from ? { from } : {}), ...(last ? { to: addDays(last, 1) } : {}) }
  }

  #day(frame: Frame, name: string): string | undefined {
    const text = plainOf(frame, name)
    if (text === undefined) return undefined
    const day = /^\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?$/.test(text) ? text.slice(0, 10) : ''
    if (isDay(day)) return day
    this.#remarks.add('bad-day', frame.line, { element: name, text: safeExcerpt(text, 60) })
    return undefined
  }

  #number(frame: Frame): string | undefined {
    const text = plainOf(frame, 'NumberOfUnits')
    const number = text === undefined ? undefined : numberOf(text)
    if (text !== undefined && number === undefined)
      this.#remarks.add('bad-number', frame.line, { element: 'NumberOfUnits', text: safeExcerpt(text, 60) })
    return number
  }

  /** Adds a result to its indicator. */
  take(frame: Frame, indicator: Frame, language: string): void {
    const target = frame.name === 'TargetResult'
    const list = target ? indicator.rows.target : indicator.rows.measurement
    const from = this.#day(frame, 'StartDate')
    const last = this.#day(frame, 'EndDate')
    const words = frame.values.Description ?? ''
    if (frame.rest) {
      const name = target ? 'why' : 'note'
      const kept = (frame.rest[name] ?? {}) as Row
      const value = plainOf(frame, 'NumberOfUnits')
      list.push({
        ...frame.rest,
        ...(from ? { from } : {}),
        ...(last ? (target ? { dueOn: last } : { to: addDays(last, 1) }) : {}),
        ...(value === undefined ? {} : { value }),
        ...(words === '' || kept[language] !== undefined ? {} : { [name]: { ...kept, [language]: words } }),
      })
      return
    }
    const value = this.#number(frame)
    const text = words.trim()
    if (value === undefined && text === '' && !plainOf(frame, 'Descriptor')) return
    if (target ? value === undefined : value === undefined && !(from ?? last)) {
      // Text that is not a measurement is added to the definition, so that it is not lost.
      if (text) indicator.said.push(`${target ? '→' : '='} ${text}${last ? ` (${last})` : ''}`)
      return
    }
    if (!(from ?? last)) {
      this.#remarks.add('result-without-period', frame.line, { element: frame.name })
      indicator.said.push(`${target ? '→' : '='} ${[value, text].filter(Boolean).join(': ')}`)
      return
    }
    const first = from ?? last!
    const note = text ? { [language]: safeExcerpt(text, 1000) } : undefined
    if (target)
      list.push({
        cell: '',
        targetKind: 'reach',
        from: first,
        setOn: first,
        value,
        ...(last ? { dueOn: last } : {}),
        ...(note ? { why: note } : {}),
      })
    else {
      const end = last && last >= first ? last : first
      list.push({
        cell: '',
        from: first,
        to: addDays(end, 1),
        label: labelOf(first, end),
        ...(value === undefined ? {} : { value }),
        status: 'actual',
        revision: 1,
        ...(note ? { note } : {}),
      })
    }
  }

  /** Keeps one result per period. */
  finish(indicator: Frame): void {
    for (const list of Object.values(indicator.rows)) {
      const seen = new Set<string>()
      const kept = list.filter((row) => {
        const slot = `${row.from} ${row.to ?? ''}`
        if (!seen.has(slot)) return seen.add(slot)
        this.#remarks.add('result-repeated', indicator.line, { period: String(row.label ?? row.from) })
        indicator.said.push(`= ${String(row.value ?? '')} (${String(row.label ?? row.from)})`)
        return false
      })
      list.splice(0, list.length, ...kept)
    }
  }
}
