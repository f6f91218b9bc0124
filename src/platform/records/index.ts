/** The door of the record machinery: everything a module may use. */

export { isId, newId } from '../id.ts'
export type { Audited } from './audit.ts'
export type { Change, ExternalId, LinkEnd, Prepared, RowChange, RowChanges, RowValues } from './change.ts'
export { altersNothing } from './change.ts'
export type { Comparison, Filter } from './columns.ts'
export type { Difference, Secret } from './compare.ts'
export { erase } from './erase.ts'
export {
  byExternalId,
  conditionsOf,
  count,
  externalIdsOf,
  find,
  get,
  getMany,
  type ListOptions,
  list,
  type Name,
  namesOf,
  rowsOf,
} from './find.ts'
export { obstaclesTo } from './guards.ts'
export {
  type ChangeSetRow,
  type EntryContent,
  entriesOf,
  findChangeSet,
  type HistoryEntry,
  historyOf,
  isErased,
} from './history.ts'
export type { Page } from './keyset.ts'
export { bindSecrets, type ChangeSet, type ChangeSetFacts, openChangeSet } from './ledger.ts'
export { authorize, Permit } from './permit.ts'
export { areasIn, type Box, maxPlaced, type Spot, type Spots, spotsOf } from './places.ts'
export { prepare } from './prepare.ts'
export { publish, publishDue, waitingPublications, withdraw } from './publish.ts'
export { type Read, read } from './read.ts'
export {
  hiddenRecords,
  type Reader,
  type Relation,
  readable,
  readableRecords,
  readableRows,
  unrestricted,
} from './readable.ts'
export { linkOf } from './rules.ts'
export { type Saved, save, write } from './save.ts'
export { type SealHead, seal, sealAll, sealHead } from './seal.ts'
export { questionOf, rankedHits, type SearchHit, search } from './search.ts'
export { rowTable, selected, selectedRows, tableOf } from './table.ts'
export { type Amount, type Tally, tally } from './tally.ts'
export {
  type LinkedRecord,
  linksOf,
  type Trace,
  type TraceDirection,
  type TraceEdge,
  type TraceNode,
  trace,
} from './trace.ts'
export { type UndoConflict, type UndoResult, undo } from './undo.ts'
export {
  keepVerification,
  latestVerification,
  type Verification,
  verifyAll,
  type WholeVerdict,
} from './verification.ts'
export { type Fault, type Verdict, verify } from './verify.ts'
