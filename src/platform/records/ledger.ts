/**
 * The history: every change set says who, when, why, what before, what after. An entry keeps its exact canonical bytes
 * (RFC 8785); personal fields enter as a salted commitment whose value and salt are in a table that erasure empties.
 */
import canonicalize from 'canonicalize'
import { sql } from 'kysely'
import { commitment, digestOf, newSalt } from '../commitment.ts'
import type { WriteContext } from '../context.ts'
import { newId } from '../id.ts'
import type { Prepared, RowValues } from './change.ts'

export type ChangeSetFacts = {
  /** Why, in the words of whoever did it. */
  readonly why?: string | null
  /** Where it came from: 'page', 'api', 'import:<file>', 'command line', 'demo', 'job'. */
  readonly source: string
  readonly undoOf?: string | null
}

/** One change set, open for writing inside one transaction. */
export type ChangeSet = { readonly ctx: WriteContext; readonly id: string; readonly at: string }

/** Opens a change set. Its own entry comes first, so that who, when and why are sealed too. */
export async function openChangeSet(ctx: WriteContext, facts: ChangeSetFacts): Promise<ChangeSet> {
  const id = newId()
  const at = ctx.now().toISOString()
  const why = facts.why?.toWellFormed().replaceAll('\u0000', '').trim().slice(0, 2000) || null
  const undoOf = facts.undoOf ?? null
  const content = canonicalize({
    v: 1,
    changeSet: id,
    at,
    account: ctx.caller.account,
    house: ctx.caller.system,
    why,
    source: facts.source,
    undoOf,
  })!
  const entry = newId()
  await sql`
    with made as (insert into records."changeSet" (id, at, account, why, source, "undoOf") values (${id}, ${at}, ${ctx.caller.account}, ${why}, ${facts.source}, ${undoOf})),
    written as (insert into records.entry (id, "changeSet", record, content) values (${entry}, ${id}, null, ${content}))
    insert into records.unsealed (entry) values (${entry})`.execute(ctx.db)
  return { ctx, id, at }
}

type EntryRow = { id: string; changeSet: string; record: string; content: string }
type PersonalRow = { entry: string; record: string; place: string; salt: string; value: string }

/**
 * Writes one entry for each prepared change. Rows of one statement draw their sequence in the order in which they are
 * given. `beside` is added to each of them: details of the act that are not values of the record.
 */
export async function writeEntries(
  changeSet: ChangeSet,
  written: readonly Prepared[],
  beside: { readonly publicFrom?: string } = {},
): Promise<void> {
  const entries: EntryRow[] = []
  const personal: PersonalRow[] = []
  for (const each of written) {
    const id = newId()
    const content = canonicalize({
      ...contentOf(changeSet, each, (place, value) => commit(id, each.after.id, place, value, personal)),
      ...beside,
    })!
    entries.push({ id, changeSet: changeSet.id, record: each.after.id, content })
  }
  await append(changeSet, entries)
  if (personal.length > 0)
    await sql`insert into records.personal (entry, record, place, salt, value)
      select * from jsonb_to_recordset(${JSON.stringify(personal)}::jsonb) as x(entry uuid, record uuid, place text, salt text, value text)`.execute(
      changeSet.ctx.db,
    )
}

const append = (changeSet: ChangeSet, entries: readonly EntryRow[]) =>
  sql`
    with written as (insert into records.entry (id, "changeSet", record, content)
      select * from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as x(id uuid, "changeSet" uuid, record uuid, content text) returning id)
    insert into records.unsealed (entry) select id from written`.execute(changeSet.ctx.db)

/** The action under which the history records that a secret beside a record was set. */
export const secretAction = 'set-secret'

/**
 * Binds secrets that are kept beside records, such as stored passwords, to the history: by their digest, so that a secret
 * exchanged in the table does not go unseen. Whoever sets it has asked for leave; the record itself does not change.
 */
export async function bindSecrets(
  changeSet: ChangeSet,
  secrets: ReadonlyArray<{ readonly record: string; readonly value: string }>,
): Promise<void> {
  const { rows } = await sql<{ id: string; kind: string; code: string; version: number }>`
    select id, kind, code, version from records.record where id = any(${secrets.map(({ record }) => record)}::uuid[])`.execute(
    changeSet.ctx.db,
  )
  const records = new Map(rows.map((row) => [row.id, row]))
  const entries = secrets.map(({ record, value }) => {
    const { kind, code, version } = records.get(record)!
    const content = {
      v: 1,
      changeSet: changeSet.id,
      record,
      kind,
      action: secretAction,
      code,
      version,
      before: {},
      after: {},
    }
    return {
      id: newId(),
      changeSet: changeSet.id,
      record,
      content: canonicalize({ ...content, secret: digestOf(value) })!,
    }
  })
  await append(changeSet, entries)
}

function contentOf(
  changeSet: ChangeSet,
  each: Prepared,
  hide: (place: string, value: unknown) => unknown,
): Record<string, unknown> {
  const { declaration } = each.known
  const isPersonal = (name: string) =>
    name === 'title' ? declaration.title.personal : declaration.fields[name]?.personal === true
  const side = (record: Record<string, unknown> | undefined, which: 'before' | 'after') =>
    record
      ? Object.fromEntries(
          each.changed.map((name) => {
            const value = record[name] ?? null
            return [name, value !== null && isPersonal(name) ? hide(`${which}.${name}`, value) : value]
          }),
        )
      : null
  const links = each.links.map(({ id, name, to, before, after }) => ({ id, name, to, before, after }))
  const rows = Object.entries(each.rows)
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => {
      const { fields } = declaration.rows[name]!
      const side = (row: RowValues | null, place: string) =>
        row &&
        Object.fromEntries(
          Object.entries(row).map(([field, value]) => [
            field,
            value !== null && fields[field]?.personal ? hide(`${place}.${field}`, value) : value,
          ]),
        )
      return [
        name,
        list.map(({ id, key, before, after }, index) => ({
          id,
          key,
          before: side(before, `rows.${name}.${index}.before`),
          after: side(after, `rows.${name}.${index}.after`),
        })),
      ] as const
    })
  // A person's staff number or address is as personal as their name.
  const { added, removed } = each.externalIds
  const externalIds =
    added.length + removed.length === 0
      ? {}
      : { externalIds: declaration.title.personal ? hide('externalIds', each.externalIds) : each.externalIds }
  return {
    v: 1,
    changeSet: changeSet.id,
    record: each.after.id,
    kind: each.change.kind,
    action: each.change.action,
    code: each.after.code,
    version: each.after.version,
    before: side(each.before, 'before'),
    after: side(each.after, 'after'),
    ...(links.length > 0 ? { links } : {}),
    ...externalIds,
    ...(rows.length > 0 ? { rows: Object.fromEntries(rows) } : {}),
  }
}

function commit(
  entry: string,
  record: string,
  place: string,
  value: unknown,
  personal: PersonalRow[],
): { personal: string } {
  const text = canonicalize(value)!
  const salt = newSalt()
  personal.push({ entry, record, place, salt, value: text })
  return { personal: commitment(salt, text) }
}
