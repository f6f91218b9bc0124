import { addressType, listType } from './address.ts'
import { choicesType, choiceType } from './choice.ts'
import { dayType } from './day.ts'
import type { FieldType } from './field.ts'
import { decimalType, flagType, wholeType } from './number.ts'
import { refsType, refType } from './reference.ts'
import { paragraphType, textType } from './text.ts'

/** The field types of the record language. A new one is one file here and one control in `web`. */
export const fieldTypes: ReadonlyMap<string, FieldType> = new Map(
  [
    textType,
    paragraphType,
    wholeType,
    decimalType,
    flagType,
    choiceType,
    choicesType,
    dayType,
    refType,
    refsType,
    addressType,
    listType,
  ].map((type) => [type.type, type]),
)

export const fieldType = (name: string): FieldType => {
  const type = fieldTypes.get(name)
  if (!type) throw new Error(`There is no field type "${name}".`)
  return type
}
