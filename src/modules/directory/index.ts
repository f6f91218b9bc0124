/** The door of `directory`: organisations, people and posts. */
export {
  type CityRow,
  filledPosts,
  findCity,
  type Holder,
  holdersOf,
  organisationsBelow,
  postsHeldBy,
  postsOfPeople,
  postsSeenBy,
} from './queries.ts'
export { organisation, person } from './records.ts'
