/** Where JSON text stops being JSON; the engine's own message does not always say. */
// Control characters end a string: code points below a blank.
const text = `"[^"\\\\${String.fromCharCode(0)}-${String.fromCharCode(31)}]*(?:\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\\${String.fromCharCode(0)}-${String.fromCharCode(31)}]*)*"`
const scalar = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][-+]?\\d+)?|true|false|null'
const token = new RegExp(`\\s*(?:(${text})|(${scalar})|([{}[\\],:]))`, 'y')

/** Line and column, from 1, of the first letter that cannot be there; the end of the text where something is missing. */
export function placeOfJsonError(source: string): { line: number; column: number } {
  const open: ('{' | '[')[] = []
  let want: 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing' = 'value'
  let at = 0
  for (;;) {
    token.lastIndex = at
    const found = token.exec(source)
    if (!found) break
    const [, string, plain, mark] = found
    const isValue = string !== undefined || plain !== undefined
    const closes = mark === (open.at(-1) === '{' ? '}' : ']') && open.length > 0
    const afterValue = (): typeof want => (open.length === 0 ? 'nothing' : 'comma-or-end')
    if (want === 'nothing') break
    if ((want === 'key' || want === 'key-or-end') && string !== undefined) want = 'colon'
    else if (want === 'colon' && mark === ':') want = 'value'
    else if (want === 'comma-or-end' && mark === ',') want = open.at(-1) === '{' ? 'key' : 'value'
    else if (closes && (want === 'comma-or-end' || want === 'value-or-end' || want === 'key-or-end')) {
      open.pop()
      want = afterValue()
    } else if ((want === 'value' || want === 'value-or-end') && isValue) want = afterValue()
    else if ((want === 'value' || want === 'value-or-end') && (mark === '{' || mark === '[')) {
      open.push(mark)
      want = mark === '{' ? 'key-or-end' : 'value-or-end'
    } else break
    at = token.lastIndex
  }
  const letter = /\S/g
  letter.lastIndex = at
  const before = source.slice(0, letter.exec(source)?.index ?? source.length)
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') }
}
