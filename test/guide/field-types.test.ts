/** The table of field types says what the types themselves say. */
import { expect, test } from 'vitest'
import type { FieldType } from '#kernel/fields/field.ts'
import { allTypes, fieldOfType } from '#test/kit/field-types.ts'
import { textOf } from './blocks.ts'

const page = textOf('docs/reference/field-types.md')
const rows = new Map(
  page
    .split('\n')
    .filter((line) => /^\| `\w+\(/.test(line))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()))
    .map((cells) => [/^`(\w+)\(/.exec(cells[0]!)?.[1], cells] as const),
)

/** `=` compares with one value or several, `[lt]` before, `[empty]` asks whether anything is stated. */
function filtersOf(type: FieldType): string {
  const parts = Object.entries(type.compared(fieldOfType(type)))
  return parts
    .map(([part, { comparisons }]) => {
      const signs = comparisons.flatMap((each) => (each === 'in' ? [] : each === 'eq' ? ['='] : [`[${each}]`]))
      return `${part === '' ? '' : `.${part} `}\`${signs.join(' ')}\``
    })
    .join(', ')
}

test('every field type has its line', () => {
  expect([...rows.keys()]).toEqual(allTypes.map(({ type }) => type).toSorted())
})

test.each(allTypes.map((type) => [type.type, type] as const))(
  'the line of %s says what the type says',
  async (name, type) => {
    const [, from, holds, example, filters, order] = rows.get(name) ?? []
    const file = `src/kernel/${from!.replaceAll('`', '')}`
    expect(((await import(`../../${file}`)) as Record<string, unknown>)[name], `${name} of ${file}`).toBeTypeOf(
      'function',
    )
    expect(holds!.length).toBeGreaterThan(10)
    const { '': main } = type.compared(fieldOfType(type))
    expect([example, filters, order]).toEqual([
      `\`${JSON.stringify(type.example(fieldOfType(type)))}\``,
      filtersOf(type),
      [main?.sorts ? 'sorts' : '', type.key ? 'key' : ''].filter(Boolean).join(', ') || '–',
    ])
  },
)
