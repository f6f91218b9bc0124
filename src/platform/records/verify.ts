/** Proves the history: recomputes the chain and names by position what does not fit. */

import { sql } from 'kysely'
import { commitment } from '../commitment.ts'
import type { Executor } from '../db/index.ts'
import { chain, firstHash, sealHead } from './seal.ts'
export type Fault = {
  /** Position in the chain; for an entry outside it, the position it claims to follow, plus one. */
  readonly position: number | null
  /**
   * 'changed': content, seal or their accompanying columns are not what was sealed · 'removed' · 'inserted': an entry
   * that is neither sealed nor waiting to be · 'reordered': another sealed entry belongs here · 'head': not the
   * published end · 'personal': a value of a personal field is not the one that was committed to.
   */
  readonly code: 'changed' | 'removed' | 'inserted' | 'reordered' | 'head' | 'personal'
  readonly entry: string | null
}
export type Verdict = {
  readonly whole: boolean
  readonly position: number
  readonly hash: string
  readonly unsealed: number
  /** At most 1,000, in the order of their positions. */
  readonly faults: Fault[]
}

type Sealed = {
  position: string
  entry: string
  hash: string
  content: string | null
  record: string | null
  changeSet: string | null
  at: string | null
  account: string | null
  why: string | null
  source: string | null
  undoOf: string | null
}

/** A position whose stored hash does not follow from the one before. */
type Break = { at: number; entry: string; content: string; previous: string; hash: string }

const most = 1000

/**
 * Recomputes the chain from the first entry and names what does not fit, by position. `against` is a head published
 * earlier: the chain must still pass through it. Entries may be written and sealed in the meantime.
 */
export async function verify(
  db: Executor,
  against?: { position: number; hash: string },
  batch = 5000,
): Promise<Verdict> {
  const faults: Fault[] = []
  const fault = (code: Fault['code'], position: number | null, entry: string | null) => {
    if (faults.length < most) faults.push({ code, position, entry })
  }
  const lost = (from: number, to: number) => {
    for (let at = from; at <= to && faults.length < most; at++) fault('removed', at, null)
  }
  const breaks: Break[] = []
  // The head at the start: whatever is sealed from now on comes after it.
  const head = await sealHead(db)
  let position = 0
  let hash = firstHash
  for (;;) {
    const rows = await sealedAfter(db, position, batch)
    if (rows.length === 0) break
    for (const row of rows) {
      const at = Number(row.position)
      lost(position + 1, at - 1)
      if (row.content === null) fault('removed', at, row.entry)
      else if (at === position + 1 && chain(hash, at, row.content) !== row.hash)
        breaks.push({ at, entry: row.entry, content: row.content, previous: hash, hash: row.hash })
      else if (!columnsFit(row)) fault('changed', at, row.entry)
      if (against?.position === at && against.hash !== row.hash) fault('head', at, row.entry)
      if (head.position === at && head.hash !== row.hash) fault('head', at, row.entry)
      position = at
      hash = row.hash
      if (breaks.length > most) return verdict([...faults, ...explained(breaks)], position, hash, await waiting(db))
    }
    for (const wrong of await wrongPersonal(db, rows)) fault('personal', wrong.position, wrong.entry)
  }
  lost(position + 1, head.position)
  if (position > (await sealHead(db)).position) fault('head', position, null)
  if (against && against.position > Math.max(position, head.position)) fault('head', against.position, null)
  for (const { id, position: after } of await entriesOutsideSeal(db)) fault('inserted', Number(after ?? 0) + 1, id)
  return verdict([...faults, ...explained(breaks)], position, hash, await waiting(db))
}

const verdict = (faults: Fault[], position: number, hash: string, unsealed: number): Verdict => ({
  whole: faults.length === 0,
  position,
  hash,
  unsealed,
  faults: faults.sort((left, right) => (left.position ?? 0) - (right.position ?? 0)).slice(0, most),
})

async function sealedAfter(db: Executor, position: number, batch: number): Promise<Sealed[]> {
  const { rows } = await sql<Sealed>`
    select s.position, s.entry, s.hash, e.content, e.record, e."changeSet", c.at, c.account, c.why, c.source, c."undoOf"
    from records.seal s left join records.entry e on e.id = s.entry left join records."changeSet" c on c.id = e."changeSet"
    where s.position > ${position} order by s.position limit ${batch}`.execute(db)
  return rows
}

/** Record, change set and its details are also in columns, which pages read: both must agree. */
function columnsFit(row: Sealed): boolean {
  const reported = JSON.parse(row.content!) as Record<string, unknown>
  const names =
    row.record === null
      ? (['changeSet', 'at', 'account', 'why', 'source', 'undoOf'] as const)
      : (['changeSet', 'record'] as const)
  return (
    names.every((name) => (reported[name] ?? null) === row[name]) && (row.record !== null || !('record' in reported))
  )
}

/**
 * Names the breaks. One wrong seal breaks two positions, its own and the next: where the content that belongs in the
 * first (its own, or that of another broken position) makes the next one fit, the next one is intact.
 */
function explained(breaks: readonly Break[]): Fault[] {
  const faults: Fault[] = []
  const candidates = breaks.slice(0, 200)
  const whole = new Set<number>()
  for (const [index, here] of breaks.entries()) {
    if (whole.has(here.at)) continue
    const moved = candidates.find(
      (other) => other !== here && chain(here.previous, here.at, other.content) === here.hash,
    )
    const [next, second] = [breaks[index + 1], breaks[index + 2]]
    let reordered = moved !== undefined
    if (!moved && next?.at === here.at + 1) {
      const belongs = candidates.find(
        (each) => chain(chain(here.previous, here.at, each.content), next.at, next.content) === next.hash,
      )
      if (belongs) whole.add(next.at)
      reordered = belongs !== undefined && belongs !== here
      // Two neighbours that were swapped: what follows them is intact.
      if (second?.at === next.at + 1) {
        const swapped = chain(chain(here.previous, here.at, next.content), next.at, here.content)
        if (chain(swapped, second.at, second.content) === second.hash) {
          whole.add(second.at).add(next.at)
          faults.push({ code: 'reordered', position: here.at, entry: here.entry })
          faults.push({ code: 'reordered', position: next.at, entry: next.entry })
          continue
        }
      }
    }
    faults.push({ code: reordered ? 'reordered' : 'changed', position: here.at, entry: here.entry })
  }
  return faults
}

/** Values of personal fields that are not those the sealed entry is bound to. */
async function wrongPersonal(
  db: Executor,
  sealed: readonly Sealed[],
): Promise<Array<{ position: number; entry: string }>> {
  const entries = new Map(sealed.map((row) => [row.entry, row]))
  const { rows } = await sql<{ entry: string; place: string; salt: string; value: string }>`
    select entry, place, salt, value from records.personal where entry = any(${[...entries.keys()]}::uuid[])`.execute(
    db,
  )
  const wrong = new Map<string, number>()
  for (const { entry, place, salt, value } of rows) {
    const { content, position } = entries.get(entry)!
    if (content === null) continue
    const reported = place
      .split('.')
      .reduce<unknown>((part, name) => (part as Record<string, unknown> | null)?.[name], JSON.parse(content))
    if ((reported as { personal?: string } | undefined)?.personal !== commitment(salt, value))
      wrong.set(entry, Number(position))
  }
  return [...wrong].map(([entry, position]) => ({ entry, position }))
}

async function entriesOutsideSeal(db: Executor): Promise<Array<{ id: string; position: string | null }>> {
  const { rows } = await sql<{ id: string; position: string | null }>`
    select e.id, (select max(s.position) from records.seal s join records.entry o on o.id = s.entry where o.sequence < e.sequence) as position
    from records.entry e
    where not exists (select 1 from records.seal s where s.entry = e.id) and not exists (select 1 from records.unsealed u where u.entry = e.id)
    order by e.sequence limit 100`.execute(db)
  return rows
}

async function waiting(db: Executor): Promise<number> {
  const { rows } = await sql<{ n: string }>`select count(*) as n from records.unsealed`.execute(db)
  return Number(rows[0]!.n)
}
