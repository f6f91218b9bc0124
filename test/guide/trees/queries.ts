import type { Attempt, Objections } from '#kernel/verb.ts'
import type { Context } from '#platform/context.ts'
import { read, unrestricted } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { inspection, tree } from './records.ts'

/** The guard of felling: somebody looked at the tree and said so. */
export async function saidToBeFelled(ctx: Context, attempts: readonly Attempt[]): Promise<Objections> {
  const said = await read(unrestricted('a verdict counts whoever may read it', ctx), inspection)
    .in({ tree: attempts.map(({ id }) => id), verdict: 'fell' })
    .pick('tree')
    .rows()
  const condemned = new Set(said.map((each) => each.tree))
  return new Map(
    attempts.filter(({ id }) => !condemned.has(id)).map(({ id }) => [id, [{ at: '/', code: 'trees.no-verdict' }]]),
  )
}

/** What holds up the end of a post of the directory: the trees it cares for. */
export async function caresForTrees(ctx: Context, posts: readonly string[]): Promise<Objections> {
  const cared = await read(unrestricted('a tree needs its post whoever may read it', ctx), tree)
    .in({ owner: posts, state: 'standing' })
    .pick('owner')
    .rows()
  return new Map(
    [...Map.groupBy(cared, ({ owner }) => owner!)].map(([post, { length: count }]) => [
      post,
      [{ at: '/', code: 'trees.post-cares', values: { count } }],
    ]),
  )
}

/** Inspections that nobody held on their day. */
export async function overdue(ctx: Context, only?: readonly string[]) {
  const late = read(ctx, inspection).in({ state: 'planned' }).where('dueOn', 'lt', todayOf(ctx))
  const found = await (only ? late.in({ id: only }) : late).pick('id').stated('dueOn').rows()
  return found.map(({ id, dueOn }) => ({ record: id, since: dueOn, values: { day: dueOn } }))
}
