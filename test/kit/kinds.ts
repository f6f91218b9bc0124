/** Declarations of real rooms, for tests of the machinery that need the types of their fields. */
export { indicator } from '../../src/modules/indicators/records.ts'
export { commitment, objective, plan } from '../../src/modules/strategy/records.ts'
