/**
 * What is mine, once for the whole house: what waits for the posts I hold today or stand in for, and what waits for the
 * organisations I act for, the whole city among them.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Caller } from '../caller.ts'

export type Standing = {
  /** Posts held today, and those whose deputy I am. */
  readonly posts: readonly string[]
  /** Organisations that my roles cover with all below them; `null` = the whole city. */
  readonly bodies: readonly string[] | null
}

/** Where a caller stands today. */
export const standingOf = ({ posts, deputises = [], grants }: Caller): Standing => ({
  posts: [...posts, ...deputises],
  bodies: grants.some((grant) => grant.organisations === null)
    ? null
    : [...new Set(grants.flatMap((grant) => grant.organisations ?? []))],
})

/** Over the register `f`: does it wait for one of my posts? */
export const isForMyPosts = ({ posts }: Standing): RawBuilder<boolean> =>
  sql<boolean>`(coalesce(f.post = any(${[...posts]}::uuid[]), false))`

/** Over the register `f`, of what is mine: does it wait for me, and not first for somebody who holds another post? */
export const isForMe = (standing: Standing): RawBuilder<boolean> =>
  sql<boolean>`(${isForMyPosts(standing)} or f.post is null or f.vacant)`

/**
 * Over the register `f`: is it mine? What waits for a post first reaches the organisation when it is escalated or the
 * post is vacant.
 */
export const isMine = (standing: Standing): RawBuilder<boolean> => {
  const { bodies } = standing
  const covered = bodies === null ? sql`true` : sql`f.organisation = any(${[...bodies]}::uuid[])`
  return sql<boolean>`(${isForMyPosts(standing)} or (${covered}
    and (not f."postFirst" or f.post is null or f.vacant or f."escalatedAt" is not null)))`
}
