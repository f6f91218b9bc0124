import { type Attempt, objections } from '#kernel/verb.ts'
import type { Context } from '#platform/context.ts'
import { read, unrestricted } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { inspection, tree } from './records.ts'

/** The guard of felling: somebody looked at the tree and said so. */
export async function saidToBeFelled(ctx: Context, attempts: readonly Attempt[]) {
  const trees = attempts.map(({ id }) => id)
  const verdicts = read(unrestricted('a verdict counts whoever may read it', ctx), inspection).in({ verdict: 'fell' })
  const condemned = new Set((await verdicts.in({ tree: trees }).pick('tree').rows()).map(({ tree }) => tree))
  const spared = trees.filter((id) => !condemned.has(id))
  return objections('trees.no-verdict', spared)
}

/** What holds up the end of a post of the directory: the trees it cares for. */
export async function caresForTrees(ctx: Context, posts: readonly string[]) {
  const standing = read(unrestricted('a tree needs its post whoever may read it', ctx), tree).in({ state: 'standing' })
  const owners = (await standing.in({ owner: posts }).pick('owner').rows()).map(({ owner }) => owner)
  return objections('trees.post-cares', owners)
}

/** Inspections that nobody held on their day. */
export async function overdue(ctx: Context, only?: readonly string[]) {
  const planned = read(ctx, inspection).only(only).in({ state: 'planned' })
  const late = await planned.where('dueOn', 'lt', todayOf(ctx)).pick('id').stated('dueOn').rows()
  return late.map(({ id, dueOn }) => ({ record: id, since: dueOn, values: { day: dueOn } }))
}
