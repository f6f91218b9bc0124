/** The door of `imports`. No room uses it: it is for the command line, tests and benchmarks. */
export { type ImportFileOptions, importFile, mappingFor } from './actions-files.ts'
export { performImport, uploadImport } from './actions-runs.ts'
export { offersOf } from './queries-offers.ts'
