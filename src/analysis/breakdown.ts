/**
 * A cell of a breakdown as text: '' is the whole, else 'dimension=member' pairs in the order of their names, joined by ';'.
 */

/** A breakdown cell in its canonical form: pairs sorted by name. '' is the whole. */
export const cellOf = (members: Readonly<Record<string, string>>): string =>
  Object.entries(members)
    .filter(([, member]) => member !== '')
    .map(([dimension, member]) => [clean(dimension), clean(member)] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([dimension, member]) => `${dimension}=${member}`)
    .join(';')

const clean = (text: string) => text.replaceAll(/[=;]/g, ' ').trim()

/** The members a cell names. */
export const membersOf = (cell: string): Record<string, string> =>
  cell === ''
    ? {}
    : Object.fromEntries(
        cell.split(';').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
      )
