/**
 * Who did something, by name for people who are signed in, and only by post or organisation for everybody else
 * (`measures` §8).
 */

import { localize } from '#kernel/words.ts'
import { postsHeldBy } from '#modules/directory'
import { isSignedIn } from '#platform/caller.ts'
import type { AppContext } from '#platform/page.ts'
import { getMany, namesOf, unrestricted } from '#platform/records/index.ts'
import { dayAt } from '#platform/today.ts'

type AuthoredAct = { readonly account: string | null; readonly at: string }

/** Reads the names behind some actions; the result gives one by account and instant, null if nobody may be named. */
export async function authorsOf(
  ctx: AppContext,
  acts: readonly AuthoredAct[],
): Promise<(account: string | null, at: string) => string | null> {
  const accounts = [...new Set(acts.flatMap((act) => act.account ?? []))]
  if (accounts.length === 0) return () => null
  const text = (title: Record<string, string>) => localize(title, ctx.language, ctx.city.language).text
  if (isSignedIn(ctx.caller)) {
    const names = await namesOf(ctx, accounts)
    return (account) => (account && names.has(account) ? text(names.get(account)!.title) : null)
  }
  const kind = ctx.registry.kinds.get('identity.account')?.declaration
  const unrestrictedReader = unrestricted('an account is read only to find the post behind it', ctx)
  const people = kind ? await getMany(unrestrictedReader, kind, accounts) : new Map<string, never>()
  const labels = new Map<string, string | null>()
  for (const { account, at } of acts) {
    if (!account) continue
    const day = dayAt(ctx, at)
    const slot = `${account} ${day}`
    if (labels.has(slot)) continue
    const person = (people.get(account) as { person?: string | null } | undefined)?.person
    const posts = person ? await postsHeldBy(ctx.db, person, day) : []
    labels.set(slot, await postLabel(ctx, posts, text))
  }
  return (account, at) => (account ? (labels.get(`${account} ${dayAt(ctx, at)}`) ?? null) : null)
}

/** The first post the caller may read, else its organisation. */
async function postLabel(ctx: AppContext, posts: readonly string[], text: (title: Record<string, string>) => string) {
  const readable = await namesOf(ctx, posts)
  const post = posts.map((id) => readable.get(id)).find((each) => each !== undefined)
  if (post) return text(post.title)
  const kind = ctx.registry.kinds.get('directory.post')?.declaration
  if (!kind || posts.length === 0) return null
  const held = await getMany(unrestricted('of a post, only its body is named, if it may be read', ctx), kind, posts)
  const bodies = await namesOf(
    ctx,
    [...held.values()].map((each) => each.organisation),
  )
  const body = [...bodies.values()][0]
  return body ? text(body.title) : null
}
