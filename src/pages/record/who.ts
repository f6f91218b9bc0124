/** Who did something, as far as the reader may know: the person, else their post, else "somebody of the city". */

import type { AppContext } from '#platform/page.ts'
import { namesOf } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import type { Text } from '#web/parts/name.tsx'
import { presenterOf } from '../presenter.ts'

type Actor = { readonly account: string | null; readonly source: string }
export type People = { readonly who: (actor: Actor) => Text }

/** Names everybody who made these change sets; a handful of reads, however many there are. */
export async function peopleOf(ctx: AppContext, actors: ReadonlyArray<Pick<Actor, 'account'>>): Promise<People> {
  const presenter = presenterOf(ctx)
  const ids = [...new Set(actors.flatMap(({ account }) => account ?? []))]
  const accounts = await ctx.people.behind(ctx, ids, todayOf(ctx))
  const behind = [...accounts.values()].flatMap(({ person, post, organisation }) => [person, post, organisation])
  const names = await namesOf(ctx, [...ids, ...behind])
  const nameOf = (id: string | null | undefined): Text | undefined => {
    const found = id ? names.get(id) : undefined
    return found && presenter.text(found.title)
  }
  return {
    who: ({ account, source }) => {
      const found = account ? accounts.get(account) : undefined
      const name = nameOf(found?.person) ?? nameOf(account) ?? nameOf(found?.post) ?? nameOf(found?.organisation)
      if (name) return name
      if (source.startsWith('migration:')) return { text: presenter.say('record.history.who-migration') }
      if (source.startsWith('import:'))
        return { text: presenter.say('record.history.who-import', { file: source.slice(7) }) }
      return { text: presenter.say(account ? 'record.history.who-somebody' : 'record.history.who-house') }
    },
  }
}
