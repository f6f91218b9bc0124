/** The door of `strategy`: what other modules may use. */
export * from './records.ts'
