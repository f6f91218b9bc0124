/** A whole change set with its undo, and the page of the seal with the latest change sets. */
import { sql } from 'kysely'
import { conflict, notAllowed, notFound, Problem } from '#kernel/problem.ts'
import { inTransaction } from '#platform/app.ts'
import type { Manifest } from '#platform/module.ts'
import { type AppContext, type PageDefinition, type PageRequest, page, type Redirect } from '#platform/page.ts'
import type { RecordRow } from '#platform/policy.ts'
import {
  type ChangeSetRow,
  entriesOf,
  findChangeSet,
  isId,
  latestVerification,
  namesOf,
  readableRecords,
  sealHead,
  type UndoConflict,
  undo,
  unrestricted,
} from '#platform/records/index.ts'
import { instantOf } from '#values/moment.ts'
import { ChangeSetPage, type ChangeSetView, LedgerPage, type LedgerView } from '#web/record-pages/change-set.tsx'
import { oneOf } from '../form.ts'
import { presenterOf } from '../presenter.ts'
import { changesIn, describeEntry, namesIn } from './changes.ts'
import { peopleOf } from './who.ts'

const pageSize = 100
const latest = 25
/** Undoing more than this in one go is left to the command line. */
const maxUndone = 20_000

export const changeSetPage = (manifests: readonly Manifest[]): PageDefinition =>
  page<ChangeSetView>({
    path: '/history/:changeSet',
    policy: 'signed in',
    load: async (ctx, request) => changeSetData(ctx, manifests, await changeSetAt(ctx, request), request, []),
    post: (ctx, request) => undoIt(ctx, manifests, request),
    title: (data, { say }) => say('record.changes.title', { when: data.when }),
    trail: (_data, { say }) => [{ label: say('record.ledger.title'), href: '/history' }],
    view: ChangeSetPage,
  })

async function changeSetAt(ctx: AppContext, request: PageRequest): Promise<ChangeSetRow> {
  const id = request.params.changeSet ?? ''
  const found = isId(id) ? await findChangeSet(ctx, id) : undefined
  if (!found) throw notFound(id)
  return found
}

type Touched = RecordRow & { readonly seen: boolean }

/** The records a change set wrote, and whether the caller may read each. */
async function touchedBy(ctx: AppContext, id: string): Promise<Touched[]> {
  const unrestrictedReader = unrestricted('counts what a reader may not see, and undoes nothing that they may not')
  const { rows } = await sql<Touched>`
    select r.id, r.kind, r.organisation, r.owner, r.audience, seen.id is not null as seen
    from ${readableRecords(unrestrictedReader, undefined, { retired: true })} r
      left join ${readableRecords(ctx, undefined, { retired: true })} seen on seen.id = r.id
    where r.id in (select e.record from records.entry e where e."changeSet" = ${id})
    limit ${maxUndone + 1}`.execute(ctx.db)
  return rows
}

async function changeSetData(
  ctx: AppContext,
  manifests: readonly Manifest[],
  set: ChangeSetRow,
  request: PageRequest,
  conflicts: readonly UndoConflict[],
): Promise<ChangeSetView> {
  const presenter = presenterOf(ctx)
  const after = isId(request.query.after ?? '') ? request.query.after! : null
  const [touched, people, entries, undone] = await Promise.all([
    touchedBy(ctx, set.id),
    peopleOf(ctx, [set, ...conflicts]),
    entriesOf(ctx, set.id, after, pageSize + 1),
    sql<{ id: string }>`select id from records."changeSet" where "undoOf" = ${set.id} limit 1`.execute(ctx.db),
  ])
  const seen = new Set(touched.flatMap((row) => (row.seen ? [row.id] : [])))
  if (touched.length > 0 && seen.size === 0) throw notFound(set.id)
  const shown = entries.slice(0, pageSize)
  const readable = shown.filter((entry) => seen.has(entry.record))
  const names = await namesIn(ctx, readable)
  const clashing = await namesOf(
    ctx,
    conflicts.map((each) => each.record),
  )
  const undoable =
    touched.length > 0 &&
    touched.length <= maxUndone &&
    touched.every((row) => row.seen && ctx.policies.can(ctx.caller, 'change', row))
  const facts = { ...set, position: null }
  return {
    id: set.id,
    at: instantOf(set.at).toISOString(),
    when: presenter.instant(set.at),
    who: people.who(set),
    source: presenter.has(`record.changes.source.${set.source}`)
      ? presenter.say(`record.changes.source.${set.source}`)
      : set.source.startsWith('import:')
        ? presenter.say('record.history.source-import', { file: set.source.slice(7) })
        : set.source,
    ...(set.why ? { why: set.why } : {}),
    count: touched.length,
    hidden: touched.length - seen.size,
    items: readable.map((entry) => {
      const name = names.get(entry.record)
      return {
        id: entry.id,
        kind: presenter.kind(entry.kind),
        name: name ? presenter.named(name) : { text: entry.code, href: presenter.href(entry.kind, entry.code) },
        code: entry.code,
        what: describeEntry(ctx, manifests, { ...entry, ...facts, id: entry.id }),
        changes: changesIn(ctx, entry, names),
      }
    }),
    ...(after ? { first: request.path } : {}),
    ...(entries.length > pageSize ? { next: `${request.path}?after=${shown.at(-1)!.id}` } : {}),
    ...(set.undoOf ? { undoOf: `/history/${set.undoOf}` } : {}),
    ...(undone.rows[0] ? { undoneBy: `/history/${undone.rows[0].id}` } : {}),
    // What a new version keeps in another form has no way back.
    undo: undoable && !undone.rows[0] && !entries.some((entry) => entry.action === 'reshape'),
    conflicts: conflicts.map((each) => {
      const name = clashing.get(each.record)
      return {
        code: each.code,
        ...(name ? { name: presenter.named(name) } : {}),
        field: each.field === '' || !name ? '' : fieldWords(ctx, name.kind, each.field),
        ...(each.at ? { when: presenter.instant(each.at) } : {}),
        who: people.who({ account: each.account, source: '' }),
        ...(each.changeSet ? { href: `/history/${each.changeSet}` } : {}),
        ...(each.reason ? { reason: presenter.say(`problem.${each.reason}`) } : {}),
      }
    }),
  }
}

function fieldWords(ctx: AppContext, kind: string, name: string): string {
  const presenter = presenterOf(ctx)
  const { links, rows } = ctx.registry.kind(kind).declaration
  if (Object.hasOwn(links, name)) return presenter.say(`${kind}.link.${name}`)
  if (Object.hasOwn(rows, name)) return presenter.say(`${kind}.rows.${name}`)
  return presenter.fieldLabel(kind, name)
}

async function undoIt(
  ctx: AppContext,
  manifests: readonly Manifest[],
  request: PageRequest,
): Promise<ChangeSetView | Redirect> {
  const set = await changeSetAt(ctx, request)
  const touched = await touchedBy(ctx, set.id)
  if (touched.length > maxUndone) throw conflict('records.undo-too-large')
  if (touched.some((row) => !row.seen)) throw notAllowed('identity.not-allowed', { action: 'undo' })
  const mode = oneOf(request.form.mode) === 'possible' ? 'possible' : 'all'
  const why = oneOf(request.form.why).trim()
  try {
    const done = await inTransaction(ctx, (inside) => undo(inside, set.id, { mode, why, source: 'page' }))
    if (!done.changeSet && done.conflicts.length > 0)
      return await changeSetData(ctx, manifests, set, request, done.conflicts)
    return {
      redirect: done.changeSet ? `/history/${done.changeSet}` : `/history/${set.id}`,
      notice: {
        key: done.changeSet ? 'record.changes.undone' : 'record.changes.nothing-left',
        values: { count: done.undone, kept: new Set(done.conflicts.map((each) => each.record)).size },
      },
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.reason !== 'records.undo-conflict') throw error
    return await changeSetData(ctx, manifests, set, request, error.extra.conflicts as UndoConflict[])
  }
}

export const ledgerPage: PageDefinition = page<LedgerView>({
  path: '/history',
  policy: 'anyone',
  load: async (ctx, request) => {
    const presenter = presenterOf(ctx)
    const [head, last] = await Promise.all([sealHead(ctx.db), latestVerification(ctx.db)])
    const sealed = {
      position: head.position,
      hash: head.hash,
      at: instantOf(head.sealedAt).toISOString(),
      when: presenter.instant(head.sealedAt),
      positionText: presenter.number(head.position),
    }
    const checked = last && {
      checked: {
        whole: last.whole,
        when: presenter.instant(last.at),
        count: last.compared,
        faults: last.faults.length,
        differences: last.differences.length,
      },
    }
    if (!presenter.signedIn) return { head: sealed, ...checked, sets: [], signedIn: false }
    const after = isId(request.query.after ?? '') ? request.query.after : undefined
    const { rows } = await sql<ChangeSetRow & { records: string }>`
      select c.id, c.at, c.account, c.why, c.source, c."undoOf",
        (select count(*) from (select 1 from records.entry e where e."changeSet" = c.id and e.record is not null limit 1000) few) as records
      from records."changeSet" c
      where exists (
          select 1 from records.entry e join ${readableRecords(ctx, undefined, { retired: true })} r on r.id = e.record
          where e."changeSet" = c.id)
        ${after ? sql`and c.id < ${after}` : sql``}
      order by c.id desc limit ${latest + 1}`.execute(ctx.db)
    const people = await peopleOf(ctx, rows)
    const shown = rows.slice(0, latest)
    return {
      head: sealed,
      ...checked,
      signedIn: true,
      sets: shown.map((row) => ({
        href: `/history/${row.id}`,
        at: instantOf(row.at).toISOString(),
        when: presenter.instant(row.at),
        who: people.who(row),
        count: Number(row.records),
        undo: row.undoOf !== null,
        ...(row.why ? { why: row.why } : {}),
      })),
      ...(after ? { first: '/history' } : {}),
      ...(rows.length > latest ? { next: `/history?after=${shown.at(-1)!.id}` } : {}),
    }
  },
  title: (_data, { say }) => say('record.ledger.title'),
  view: LedgerPage,
})
