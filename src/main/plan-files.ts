/**
 * Opens files with plans: Microsoft Project's XML (MSPDI), or a network in our own JSON. Shared by all commands about
 * plans.
 */
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import Holidays from 'date-holidays'
import { minutesPerDay } from '#analysis/calendar/calendar.ts'
import { localTime, parseLocalTime } from '#analysis/calendar/local-time.ts'
import type { FileProblem, NamedPlan } from '#analysis/schedule/named-plan.ts'
import { type HolidaysOf, readNetworkJson } from '#analysis/schedule/network-json.ts'
import { placeOfJsonError, wrongKeys } from '#platform/json/index.ts'
import {
  decodedText,
  textDecoderOf,
  type XmlElement,
  XmlFault,
  type XmlFaultCode,
  xmlTree,
} from '#platform/xml/index.ts'
import { readMspdi } from './exchange-mspdi/index.ts'

export type PlanFile = {
  /** The plan; null if a problem prevents it. */
  readonly read: NamedPlan | null
  readonly problems: readonly PlanFileProblem[]
  /** The document it was read from, including everything we do not understand. */
  readonly document: XmlElement | null
  /** The value it was read from. */
  readonly json: unknown
}

export type PlanFileProblem = FileProblem & { readonly column?: number | null }

export type ReadPlanOptions = {
  /** Called now and then while a file is read: share from 0 to 1. */
  readonly progress?: (share: number) => void
}

const maxXmlBytes = 1024 ** 3
const maxJsonBytes = 256 * 1024 ** 2

/** Reads a plan file; never throws because of its content. */
export async function readPlanFile(path: string, options: ReadPlanOptions = {}): Promise<PlanFile> {
  try {
    return await readFileAt(path, options)
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error
    return failed(problemOf(error))
  }
}

async function readFileAt(path: string, options: ReadPlanOptions): Promise<PlanFile> {
  let head: string
  let bytes: number
  try {
    bytes = (await stat(path)).size
    head = await firstLetters(path)
  } catch (error) {
    if (error instanceof XmlFault) throw error
    const { code = 'error' } = error as NodeJS.ErrnoException
    return failed({ code: 'file-unreadable', values: { reason: code } })
  }
  const isXml = head.startsWith('<')
  const limit = isXml ? maxXmlBytes : maxJsonBytes
  if (bytes > limit) return failed({ code: 'file-too-large', values: { bytes, limit } })
  if (bytes === 0) return failed({ code: 'empty' })
  if (isXml) return readDocument(path, bytes, options)
  return head.startsWith('{') || head.startsWith('[') ? readJson(path) : failed({ code: 'not-a-plan' })
}

const failed = (problem: Pick<PlanFileProblem, 'code' | 'values'> & Partial<PlanFileProblem>): PlanFile => ({
  read: null,
  problems: [{ severity: 'stop', line: null, activity: null, ...problem }],
  document: null,
  json: undefined,
})

/** The reader's faults as problems of a plan; codes not listed here stay the same. */
const reasons: Readonly<Partial<Record<XmlFaultCode, string>>> = {
  xml: 'not-xml',
  doctype: 'document-type',
  'part-too-large': 'too-large',
}

function problemOf(fault: XmlFault): Pick<PlanFileProblem, 'code' | 'line' | 'column' | 'values'> {
  const { code, line, column, within, said } = fault
  if (code === 'encoding') return { code: 'wrong-encoding', line: null, column: null, values: { encoding: said } }
  if (code === 'part-too-large' && within === '!DOCTYPE')
    return { code: 'document-type', line, column, values: { reason: said, within: 'none' } }
  // This much text without an element is not a plan in XML.
  const reason = code === 'part-too-large' && within === '' ? 'not-xml' : (reasons[code] ?? code)
  return { code: reason, line, column, values: { reason: said, within: within || 'none' } }
}

async function firstLetters(path: string): Promise<string> {
  for await (const bytes of createReadStream(path, { end: 1023 }) as AsyncIterable<Buffer>)
    return decodedText(textDecoderOf(bytes, true), bytes).trimStart()
  return ''
}

async function readDocument(path: string, bytes: number, { progress }: ReadPlanOptions): Promise<PlanFile> {
  const reader = xmlTree()
  let decoder: TextDecoder | undefined
  let seen = 0
  for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    decoder ??= textDecoderOf(piece, true)
    reader.write(decodedText(decoder, piece))
    seen += piece.length
    progress?.(seen / bytes)
  }
  reader.write(decoder ? decodedText(decoder) : '')
  const document = reader.end()
  const { read, problems } = readMspdi(document)
  return { read, problems, document, json: undefined }
}

async function readJson(path: string): Promise<PlanFile> {
  const bytes = await readFile(path)
  const decoder = textDecoderOf(bytes, true)
  const text = decodedText(decoder, bytes) + decodedText(decoder)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    const { line, column } = placeOfJsonError(text)
    const reason = message.replace(/, \.\.\..*| in JSON at position.*| \(line.*/s, '').slice(0, 120)
    return failed({ code: 'not-json', line, column, values: { reason } })
  }
  const [wrong] = wrongKeys(text, json)
  if (wrong) {
    const values = { reason: `“${wrong.name}” at ${wrong.at} is ${wrong.why}`.slice(0, 120) }
    return failed({ code: 'not-json', line: null, column: null, values })
  }
  const { read, problems } = readNetworkJson(json, { holidaysOf })
  return { read, problems, document: null, json }
}

/** Public holidays; the library works year by year, and is asked for each from the first to the last. */
const holidaysOf: HolidaysOf = (country, region, from, to) => {
  const library = region === null ? new Holidays(country) : new Holidays(country, region)
  if (!library.getHolidays || !Holidays.prototype.getCountries.call(library)[country]) return null
  if (region !== null && !library.getStates(country)?.[region]) return null
  const year = (day: number) => Number(localTime(day * minutesPerDay).slice(0, 4))
  const days = new Set<number>()
  for (let each = year(from); each <= year(to); each++)
    for (const { date, type } of library.getHolidays(each)) {
      const instant = type === 'public' ? parseLocalTime(date.slice(0, 10)) : null
      if (instant !== null) days.add(instant / minutesPerDay)
    }
  return [...days].filter((day) => day >= from && day <= to).sort((left, right) => left - right)
}
