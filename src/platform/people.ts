/** Who is behind an account, and who holds a post: asked by the pages of every kind, answered by the rooms that know. */
import type { Context } from './context.ts'

/** Ids behind an account; what the reader may not read has no name and is passed over. */
export type AccountHolder = {
  readonly person: string | null
  /** A post that the person holds today. */
  readonly post: string | null
  readonly organisation: string | null
}

export type People = {
  /** By account id, as posts are held on a day; a handful of reads, however many accounts. */
  readonly behind: (
    ctx: Context,
    accounts: readonly string[],
    today: string,
  ) => Promise<ReadonlyMap<string, AccountHolder>>
  /** The person who holds each of these posts on a day, by post; a vacant post, and a person whom the reader may not read, is left out. */
  readonly holding: (ctx: Context, posts: readonly string[], day: string) => Promise<ReadonlyMap<string, string>>
  /** Which of these posts somebody holds on a day, whoever it is. */
  readonly filled: (ctx: Context, posts: readonly string[], day: string) => Promise<ReadonlySet<string>>
}

/** For a program without rooms that know people. */
export const noPeople: People = {
  behind: async () => new Map(),
  holding: async () => new Map(),
  filled: async () => new Set(),
}
