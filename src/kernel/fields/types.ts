/** The basic types, and the lookup of any type: importing this file declares them. */
import './address.ts'
import './choice.ts'
import './day.ts'
import './number.ts'
import './reference.ts'
import './text.ts'

export { fieldType, findFieldType } from './field.ts'
