/** The door of JSON that is too large, or too wrong, for the engine's own reader. */
export { type JsonPart, jsonParts } from './parts.ts'
export { placeOfJsonError } from './place.ts'
export { JsonFault } from './scan.ts'
