/** Joins what `identity` knows of accounts and `directory` of posts, so that pages can name who acted without knowing either room. */
import { holdersOf, postsOfPeople } from '#modules/directory'
import { account } from '#modules/identity'
import { systemCaller } from '#platform/caller.ts'
import type { People } from '#platform/people.ts'
import { getMany } from '#platform/records/index.ts'

export const people: People = {
  behind: async (ctx, accounts, today) => {
    // The account itself is private; it is read only to find the person and the post behind it.
    const found = await getMany({ ...ctx, caller: systemCaller }, account, accounts)
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
    const holders = await holdersOf(ctx.db, posts)
    return new Map(
      holders
        .filter(({ from, to }) => from <= day && (to === null || to > day))
        .reverse()
        .map(({ post, person }) => [post, person]),
    )
  },
}
