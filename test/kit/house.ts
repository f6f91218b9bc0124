/** The declarations, words and policies of all rooms, without a database. */
export { composeHouse } from '../../src/main/modules.ts'
