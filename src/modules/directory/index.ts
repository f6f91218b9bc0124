/** The door of `directory`: what other modules may use. */
export * from './records.ts'
