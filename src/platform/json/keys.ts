/**
 * Names in JSON objects that no reader should take: one that is given twice (RFC 8259 §4: programs differ in which value they
 * take, so what one checks another does not see), and `__proto__`, which reaches into the program. The engine's own parser
 * keeps the last value and says nothing.
 */
import { JsonScan } from './scan.ts'

/** A name and its place, as a JSON Pointer (RFC 6901). */
export type WrongKey = { readonly at: string; readonly name: string; readonly why: 'repeated' | 'reserved' }

/** More are not listed: who sends a thousand has understood after these. */
const maxListed = 100

const reserved = '__proto__'
const [backslash, colon] = [92, 58]
const [listOpens, listCloses, objectOpens, objectCloses] = [91, 93, 123, 125]

/**
 * The wrong names in a JSON text. `value` is what the engine parsed from it: as long as it holds as many names as the text,
 * none stands twice, and counting costs a fraction of the parsing; only a text with a wrong name is scanned.
 */
export function wrongKeys(text: string, value: unknown): WrongKey[] {
  if (typeof value !== 'object' || value === null) return []
  if (namesInText(text) === namesInValue(value) && !mayHoldReserved(text)) return []
  return found(text)
}

/** Written out, or perhaps in escapes of its letters; the scan is exact. */
const mayHoldReserved = (text: string) => text.includes(reserved) || /\\u00(?:5f|6f|70|72|74)/i.test(text)

/**
 * Parses a JSON text in which every name stands once. Where names are somebody's own words, `__proto__` is one of them.
 * @throws SyntaxError naming the first wrong name, or the engine's own
 */
export function parseStrictJson(text: string, names: 'ours' | 'anyones' = 'ours'): unknown {
  const value: unknown = JSON.parse(text)
  const wrong = wrongKeys(text, value).find(({ why }) => why === 'repeated' || names === 'ours')
  if (wrong) throw new SyntaxError(`the name "${wrong.name}" at ${wrong.at} is ${wrong.why}`)
  return value
}

/** Strings before a colon. The text is valid JSON, so outside strings nothing else needs a look. */
function namesInText(text: string): number {
  let names = 0
  for (let from = text.indexOf('"'); from >= 0; from = text.indexOf('"', from)) {
    let end = text.indexOf('"', from + 1)
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
    from = end + 1
    let sign = text.charCodeAt(from)
    while (sign === 32 || sign === 10 || sign === 13 || sign === 9) {
      from += 1
      sign = text.charCodeAt(from)
    }
    if (sign === colon) names += 1
  }
  return names
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text.charCodeAt(before) === backslash) before -= 1
  return (at - before) % 2 === 0
}

function namesInValue(value: object): number {
  if (Array.isArray(value)) {
    let names = 0
    for (const each of value) if (typeof each === 'object' && each !== null) names += namesInValue(each)
    return names
  }
  let names = 0
  for (const name in value) {
    names += 1
    const each = (value as Record<string, unknown>)[name]
    // Read as a member, `__proto__` of a parsed object is the member, which JSON.parse makes its own.
    if (typeof each === 'object' && each !== null) names += namesInValue(each)
  }
  return names
}

type Place = { readonly names: Set<string> | null; step: string | number }

function found(text: string): WrongKey[] {
  const wrong: WrongKey[] = []
  const places: Place[] = []
  let from = 0
  const pointer = () => places.map(({ step }) => `/${escapedStep(String(step))}`).join('')
  const scan = new JsonScan({
    begins: (what, _depth, at, sign) => {
      if (what === 'key') {
        from = at
        return
      }
      const around = places.at(-1)
      if (around && !around.names) around.step = Number(around.step) + 1
      if (sign === objectOpens) places.push({ names: new Set(), step: '' })
      else if (sign === listOpens) places.push({ names: null, step: -1 })
    },
    ends: (what, _depth, at) => {
      if (what === 'value') {
        // A text ends in a quotation mark and a scalar in neither bracket.
        const sign = text.charCodeAt(at - 1)
        if (sign === objectCloses || sign === listCloses) places.pop()
        return
      }
      const name = JSON.parse(text.slice(from, at)) as string
      const place = places.at(-1)!
      place.step = name
      const why = name === reserved ? 'reserved' : place.names!.has(name) ? 'repeated' : undefined
      place.names!.add(name)
      if (why && wrong.length < maxListed) wrong.push({ at: pointer(), name, why })
    },
  })
  scan.feed(text)
  scan.end()
  return wrong
}

const escapedStep = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
