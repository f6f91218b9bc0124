/** Who did something, as far as the reader may know: the person, else their post, else "somebody of the city". */
import { postsHeldBy } from '#modules/directory'
import { account as accountKind } from '#modules/identity'
import { dayIn } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import type { AppContext } from '#platform/page.ts'
import { getMany, namesOf } from '#platform/records/index.ts'
import type { Text } from '#web/record-pages/value.tsx'
import { presenterOf } from './speaker.ts'

type Actor = { readonly account: string | null; readonly source: string }
export type People = { readonly who: (actor: Actor) => Text }

/** Names everybody who acted in some change sets; a handful of reads, however many there are. */
export async function peopleOf(ctx: AppContext, actors: ReadonlyArray<Pick<Actor, 'account'>>): Promise<People> {
  const presenter = presenterOf(ctx)
  const ids = [...new Set(actors.flatMap(({ account }) => account ?? []))]
  // The account itself is private; it is read only to find the person and the post behind it.
  const accounts = await getMany({ ...ctx, caller: systemCaller }, accountKind, ids)
  const people = [...accounts.values()].flatMap((account) => account.person ?? [])
  const today = dayIn(ctx.city.timeZone, ctx.now())
  const posts = new Map<string, string>()
  for (const person of new Set(people)) {
    const [post] = await postsHeldBy(ctx.db, person, today)
    if (post) posts.set(person, post)
  }
  const names = await namesOf(ctx, [
    ...ids,
    ...people,
    ...posts.values(),
    ...[...accounts.values()].map((account) => account.organisation),
  ])
  const nameOf = (id: string | null | undefined): Text | undefined => {
    const found = id ? names.get(id) : undefined
    return found && presenter.text(found.title)
  }
  return {
    who: ({ account, source }) => {
      const found = account ? accounts.get(account) : undefined
      const name =
        nameOf(found?.person) ??
        nameOf(account) ??
        nameOf(found?.person ? posts.get(found.person) : undefined) ??
        nameOf(found?.organisation)
      if (name) return name
      if (source.startsWith('import:'))
        return { text: presenter.say('record.history.who-import', { file: source.slice(7) }) }
      return { text: presenter.say(account ? 'record.history.who-somebody' : 'record.history.who-house') }
    },
  }
}
