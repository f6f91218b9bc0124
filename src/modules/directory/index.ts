/** The door of `directory`: organisations, people and posts. */
export {
  bodiesBelow,
  type CityRow,
  findCity,
  type Holder,
  heldPosts,
  holdersOf,
  postsHeldBy,
  postsOfPeople,
} from './queries.ts'
export { organisation, person } from './records.ts'
