/**
 * Who did something, by name for people who are signed in, and only by post or organisation for everybody else
 * (`measures` §8).
 */
import { localize } from '#kernel/words.ts'
import { isSignedIn } from '#platform/caller.ts'
import type { AppContext } from '#platform/page.ts'
import { namesOf } from '#platform/records/index.ts'
import { dayAt } from '#platform/today.ts'

type AuthoredAct = { readonly account: string | null; readonly at: string }

/** Reads the names behind some actions; the result gives one by account and instant, null if nobody may be named. */
export async function authorsOf(
  ctx: AppContext,
  acts: readonly AuthoredAct[],
): Promise<(account: string | null, at: string) => string | null> {
  const accountsOn = (day: string) =>
    acts.flatMap(({ account, at }) => (account && dayAt(ctx, at) === day ? account : []))
  const days = isSignedIn(ctx.caller) ? [] : [...new Set(acts.map(({ at }) => dayAt(ctx, at)))]
  const behind = new Map<string, Awaited<ReturnType<typeof ctx.people.behind>>>()
  for (const day of days) behind.set(day, await ctx.people.behind(ctx, accountsOn(day), day))
  const held = [...behind.values()].flatMap((found) => [...found.values()])
  const names = await namesOf(ctx, [
    ...(days.length > 0 ? [] : acts.map(({ account }) => account)),
    ...held.flatMap(({ post, organisation }) => [post, organisation]),
  ])
  return (account, at) => {
    const acted = account ? behind.get(dayAt(ctx, at))?.get(account) : undefined
    const found = [account, acted?.post, acted?.organisation].map((id) => id && names.get(id)).find(Boolean)
    return found ? localize(found.title, ctx.language, ctx.city.language).text : null
  }
}
