/** The door of `indicators`: what other modules may use. */
export * from './records.ts'
