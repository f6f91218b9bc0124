import { JsonFault, JsonScan } from './scan.ts'

/** Line and column, from 1, of the first invalid character; the end of the text if something is missing. */
export function placeOfJsonError(text: string): { line: number; column: number } {
  const scan = new JsonScan()
  try {
    scan.feed(text)
    scan.end()
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    return { line: error.line, column: error.column }
  }
  return scan.placeOf(0)
}
