/** Findings in the words of one reader: the record by its title, a sentence, the act, or for whom it waits. */
import type { AnyRecord } from '#kernel/record.ts'
import type { Context } from '#platform/context.ts'
import type { Finding } from '#platform/finding.ts'
import type { Registered } from '#platform/findings/index.ts'
import { getMany } from '#platform/records/index.ts'
import type { FindingItem } from '#web/finding-pages/item.tsx'
import { presenterOf } from '../presenter.ts'
import { actFor, rolesFor } from './acts.ts'

/** Other records of the same finding that are named. */
const maxOthers = 20

type Row = Registered & { readonly forMyPost?: boolean }

/** The sentence of a finding about one record. */
export function sentenceOf(
  ctx: Context,
  { finding, reason, values }: Pick<Row, 'finding' | 'reason' | 'values'>,
): string {
  const { say, day } = presenterOf(ctx)
  const [room, name] = partsOf(finding)
  const spoken = Object.entries(values).map(([key, value]) => [key, /(^d|D)ay$/.test(key) ? day(String(value)) : value])
  return say(`${room}.finding.${name}.${reason}`, Object.fromEntries(spoken))
}

/** Room and name of a finding by its key. */
export const partsOf = (key: string): [string, string] => {
  const at = key.indexOf('.')
  return [key.slice(0, at), key.slice(at + 1)]
}

/** Several findings as they are shown; what is not declared any more is left out. */
export async function itemsOf(
  ctx: Context,
  findings: readonly Finding[],
  rows: readonly Row[],
): Promise<FindingItem[]> {
  const presenter = presenterOf(ctx)
  const declared = new Map(findings.map((each) => [each.key, each]))
  const records = new Map<string, AnyRecord>()
  const [nameOf] = await Promise.all([
    presenter.names(rows.flatMap((row) => [row.post, row.organisation, ...row.with.slice(0, maxOthers)])),
    ...[...Map.groupBy(rows, (row) => row.kind)].map(async ([kind, some]) => {
      const ids = [...new Set(some.map((row) => row.record))]
      const found = await getMany(ctx, ctx.registry.kind(kind).declaration, ids)
      for (const [id, record] of found) records.set(id, record as AnyRecord)
    }),
  ])
  return rows.flatMap((row): FindingItem[] => {
    const finding = declared.get(row.finding)
    const record = records.get(row.record)
    if (!finding || !record) return []
    const act = row.closedAt ? null : actFor(ctx, finding, record, row)
    const post = nameOf(row.post)
    const organisation = nameOf(row.organisation)
    return [
      {
        key: row.id,
        finding: row.finding,
        ...presenter.named(row),
        code: row.code,
        kind: presenter.kind(row.kind),
        sentence: sentenceOf(ctx, row),
        others: row.with.slice(0, maxOthers).flatMap((id) => nameOf(id) ?? []),
        furtherOthers: Math.max(row.with.length - maxOthers, 0),
        act,
        forMyPost: row.forMyPost ?? false,
        waits: { post, vacant: row.vacant, organisation },
        roles: act || row.closedAt ? '' : rolesFor(ctx, finding, row.kind),
        since: presenter.day(row.since),
        escalated: row.escalatedAt !== null,
        stake: stakeShown(ctx, row),
      },
    ]
  })
}

function stakeShown(ctx: Context, { stake }: Row): string {
  if (!stake) return ''
  const { say, money } = presenterOf(ctx)
  return [
    ...(stake.money ? [money(stake.money.amount, stake.money.currency)] : []),
    ...(stake.points === undefined ? [] : [say('finding.stake.points', { count: stake.points })]),
    ...(stake.days === undefined ? [] : [say('finding.stake.days', { count: stake.days })]),
  ].join(' · ')
}

/** The address at which a room lists its findings. */
export const findingsAddress = (room: string, name?: string, mine = false): string => {
  const query = new URLSearchParams({ ...(name ? { for: name } : {}), ...(mine ? { mine: 'true' } : {}) })
  return `/${room}/findings${query.size > 0 ? `?${query}` : ''}`
}

/** The heading of several records with one finding, with their number. */
export const countedSentence = (ctx: Context, key: string, count: number): string => {
  const [room, name] = partsOf(key)
  return presenterOf(ctx).say(`${room}.finding.${name}.counted`, { count })
}

/** The one step that ends it, in words. */
export const stepOf = (ctx: Context, key: string): string => {
  const [room, name] = partsOf(key)
  return presenterOf(ctx).say(`${room}.finding.${name}.step`)
}

export const labelOf = (ctx: Context, key: string): string => presenterOf(ctx).say(key.replace('.', '.finding.'))
