/**
 * Combines what `identity` knows about accounts and `directory` about posts, so that pages can name who acted without
 * knowing either room.
 */
import { filledPosts, holdersOf, postsOfPeople } from '#modules/directory'
import { account } from '#modules/identity'
import type { People } from '#platform/people.ts'
import { getMany, unrestricted } from '#platform/records/index.ts'

export const people: People = {
  behind: async (ctx, accounts, today) => {
    const unrestrictedReader = unrestricted(
      'an account is private, and read only to find the person and the post behind it',
      ctx,
    )
    const found = await getMany(unrestrictedReader, account, accounts)
    const persons = [...found.values()].flatMap(({ person }) => person ?? [])
    const posts = await postsOfPeople(ctx.db, persons, today)
    return new Map(
      [...found].map(([id, { person, organisation }]) => [
        id,
        { person, organisation, post: (person && posts.get(person)) ?? null },
      ]),
    )
  },
  holding: async (ctx, posts, day) => {
    const holders = await holdersOf(ctx, posts)
    return new Map(
      holders
        .filter(({ from, to }) => from <= day && (to === null || to > day))
        .reverse()
        .map(({ post, person }) => [post, person]),
    )
  },
  filled: (ctx, posts, day) => filledPosts(ctx.db, posts, day),
}
