/** Every field type of the kernel: the folder is read, so that a new one is tested from the day its file is there. */
import { readdirSync } from 'node:fs'
import { declaredTypes, type Field, type FieldType } from '#kernel/fields/field.ts'

const folder = new URL('../../src/kernel/fields/', import.meta.url)
for (const file of readdirSync(folder).sort())
  if (file.endsWith('.ts') && !file.includes('.test.')) await import(new URL(file, folder).href)

export const allTypes: readonly FieldType[] = declaredTypes()

const defaults: Readonly<Record<string, unknown>> = {
  max: 400,
  of: undefined,
  to: 'directory.organisation',
  kinds: 'any',
  back: 'things',
  list: 'currency',
}
const choices: Readonly<Record<string, readonly string[]>> = {
  choice: ['one', 'two', 'three'],
  choices: ['one', 'two', 'three'],
  geometry: ['point', 'line', 'area'],
}

/** A field of a type, with its mandatory options. */
export function fieldOfType(type: FieldType, more: Partial<Field> = {}): Field {
  const options = type.options.flatMap((name) => {
    const value =
      name === 'of' ? choices[type.type] : ['whole', 'percent'].includes(type.type) ? undefined : defaults[name]
    return value === undefined ? [] : [[name, value]]
  })
  return { type: type.type, ...Object.fromEntries(options), ...more } as Field
}
