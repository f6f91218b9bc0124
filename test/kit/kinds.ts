/** Declarations of real rooms, for tests of the machinery that need the types of their fields. */
export { commitment, objective, plan } from '../../src/modules/strategy/records.ts'
