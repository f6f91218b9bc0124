/** The door of JSON that is too large, or too broken, for the engine's own parser. */
export { parseStrictJson, type WrongKey, wrongKeys } from './keys.ts'
export { type JsonPart, jsonParts } from './parts.ts'
export { placeOfJsonError } from './place.ts'
export { JsonFault } from './scan.ts'
