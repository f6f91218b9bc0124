/** The door of the findings: their register, and what is mine. */
export {
  countFindings,
  type FindingFilter,
  type FindingGroup,
  type FindingPage,
  groupFindings,
  listFindings,
  type Registered,
  recordsFound,
} from './listed.ts'
export { isCurrent, markStale, type Refreshed, type RegisterParts, refreshRegister } from './register.ts'
