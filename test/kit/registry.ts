/** The declarations, words and policies of all rooms, without a database. */
export { composeRegistry } from '../../src/main/modules.ts'
