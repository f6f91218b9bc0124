/** The door of `benefits`: what other modules and the composition may use. */
export { startingFramework } from './queries-framework.ts'
export { layOut } from './rules-path.ts'
