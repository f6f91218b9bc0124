export type { Field, JsonSchema } from './field.ts'
export { idSchema } from './reference.ts'
export { localizedSchema } from './text.ts'
