/**
 * Brings the value of a closed period in from a figure, provisional, until a person confirms or replaces it. It is
 * brought again, and corrected, when the records it was counted from change before that.
 */
import { sql } from 'kysely'
import { conflict, invalid } from '#kernel/problem.ts'
import { type Language, languages } from '#kernel/words.ts'
import { inTransaction } from '#platform/app.ts'
import type { WriteContext } from '#platform/context.ts'
import { type Figure, figureWord } from '#platform/figure.ts'
import { type Attempt, figureHistory, lastPosition, measureFigure, readingOf } from '#platform/figures/index.ts'
import type { AppContext } from '#platform/page.ts'
import { type RowChanges, type RowValues, write } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { compareDecimals, type Decimal } from '#values/decimal.ts'
import type { Period } from '#values/period.ts'
import {
  type Brought,
  broughtFor,
  type FigureIndicator,
  figureIndicators,
  lockIndicator,
  type WholeMeasurement,
  wholeMeasurements,
} from './queries-figure.ts'
import type { Indicator } from './queries-series.ts'
import { indicator } from './records.ts'
import { closedPeriods, follows, standingOf } from './rules-figure.ts'
import { isRatio } from './rules-series.ts'

type Found = Omit<Brought, 'from' | 'to' | 'broughtAt'> & { readonly period: Period }

const keyOf = ({ from, to }: { from: string; to: string }) => `${from} ${to}`
const byPeriod = <Row extends { from: string; to: string }>(rows: readonly Row[]) =>
  new Map(rows.map((row) => [keyOf(row), row]))

/** Asks every figure that is a source for the periods that closed or changed. Returns how many values were written. */
export async function bringFigures(ctx: AppContext): Promise<number> {
  let written = 0
  for (const each of await figureIndicators(ctx.db)) {
    const figure = ctx.figures.find(({ id }) => id === each.figure)
    if (!figure) {
      ctx.log.warn({ indicator: each.id, figure: each.figure }, 'an indicator names a figure that no room declares')
      continue
    }
    try {
      const found = await askedAgain(ctx, each, figure)
      if (found.length > 0) written += await inTransaction(ctx, (tx) => take(tx, each, figure, found))
    } catch (error) {
      // A value that the gate refuses is the trouble of one indicator only.
      ctx.log.error({ indicator: each.id, error: String(error) }, 'values could not be brought in; it is tried again')
    }
  }
  return written
}

/** What the figure says now of the periods whose value it may still write, where anything has changed. */
async function askedAgain(ctx: AppContext, each: FigureIndicator, figure: Figure): Promise<Found[]> {
  const [brought, measured] = [await broughtFor(ctx, each.id), await wholeMeasurements(ctx.db, each.id)]
  const [before, values] = [byPeriod(brought), byPeriod(measured)]
  const position = await lastPosition(ctx.db, figure.reads)
  const found: Found[] = []
  for (const period of closedPeriods(each, todayOf(ctx))) {
    const last = before.get(keyOf(period))
    if (!follows(standingOf(values.get(keyOf(period)), last))) continue
    const isFresh = last && last.state !== 'unknown' && last.figure === figure.id && last.method === figure.method
    // How things stood on a day is not asked again: only the records of that day could say.
    if (isFresh && (figure.over === 'day' || BigInt(last.position) >= BigInt(position))) continue
    const attempt =
      figure.over === 'day' ? await attemptOfDay(ctx, figure, period) : await measureFigure(ctx, figure, period)
    // A count of none is a result only once there has been something: before that, nobody kept such records.
    const begun =
      found.some(({ of }) => Number(of) > 0) || measured.some((row) => row.from < period.from && row.value !== null)
    found.push(foundIn(figure, period, attempt, begun))
  }
  return found
}

/** How things stood at the end of a period: the last day of it on which they were measured. */
async function attemptOfDay(ctx: AppContext, figure: Figure, period: Period): Promise<Attempt> {
  const history = await figureHistory(ctx.db, figure.id, { within: period })
  const last = history.find(({ failed, method }) => !failed && method === figure.method)
  if (last) {
    const { asOf, of, met, value, query } = last
    const counts = { of: Number(of), ...(met === null ? {} : { met: Number(met) }), value }
    return { position: last.position, found: { ...counts, asOf, query: query ?? '' } }
  }
  const nothing = { of: 0, met: 0, asOf: period.from, query: '' }
  return history.length > 0 ? { position: '0', failed: true } : { position: '0', found: nothing }
}

function foundIn(figure: Figure, period: Period, attempt: Attempt, begun: boolean): Found {
  const common = { period, figure: figure.id, method: figure.method, position: attempt.position }
  const none = { value: null, met: null, of: null, query: null }
  if ('failed' in attempt) return { ...common, ...none, state: 'unknown' }
  const { of, met = null, value = null, query } = attempt.found
  const reading = readingOf(figure.kind, { failed: false, of, met, value })
  const counts = { met: met === null ? null : String(met), of: String(of), query: query || null }
  if (reading.is === 'value' && (of > 0 || begun)) return { ...common, ...counts, state: 'value', value: reading.value }
  return { ...common, ...counts, state: reading.is === 'unknown' ? 'unknown' : 'nothing', value: null }
}

/** Writes what was found, but no value that a person has decided about in the meantime. */
async function take(tx: WriteContext, each: FigureIndicator, figure: Figure, found: readonly Found[]): Promise<number> {
  await lockIndicator(tx.db, each.id)
  const [before, values] = [byPeriod(await broughtFor(tx, each.id)), byPeriod(await wholeMeasurements(tx.db, each.id))]
  const set: RowValues[] = []
  const remove: RowValues[] = []
  for (const one of found) {
    const measured = values.get(keyOf(one.period))
    if (!follows(standingOf(measured, before.get(keyOf(one.period))))) continue
    // An unknown one leaves what was brought before, with the day on which it was counted in its note.
    if (one.state === 'value' && differs(measured, one.value)) set.push(rowOf(tx, each, figure, one, measured))
    else if (one.state === 'nothing' && measured?.value) remove.push({ cell: '', from: measured.from, to: measured.to })
    if (one.state === 'unknown' && measured?.value) continue
    await remember(tx, each.id, one)
  }
  const measurement: RowChanges = { set, remove }
  if (set.length + remove.length > 0)
    await write(tx, { source: 'figure', why: figure.id }, [
      { kind: indicator.kind, id: each.id, action: 'change', rows: { measurement } },
    ])
  return set.length + remove.length
}

const differs = (measured: WholeMeasurement | undefined, value: Decimal | null) =>
  !measured?.value || value === null || compareDecimals(measured.value, value) !== 0

function rowOf(
  tx: WriteContext,
  each: FigureIndicator,
  figure: Figure,
  one: Found,
  measured: WholeMeasurement | undefined,
) {
  const { from, to, label } = one.period
  const parts = figure.kind === 'share' && isRatio(each)
  return {
    ...{ cell: '', from, to, label: measured?.label ?? label, value: one.value, status: 'provisional' },
    ...(parts ? { numerator: one.met, denominator: one.of } : {}),
    note: Object.fromEntries(languages.map((language) => [language, noteIn(tx, language, figure, one)])),
    revision: measured ? (measured.revision ?? 1) + 1 : 1,
  }
}

function noteIn(tx: WriteContext, language: Language, figure: Figure, { method, query, of }: Found): string {
  const say = tx.registry.words.say(language)
  const values = { name: say(figureWord(figure.id)), id: figure.id, method, of: Number(of), query: query ?? '' }
  return say('indicators.figure.note', { ...values, day: todayOf(tx) }).slice(0, 1000)
}

async function remember(tx: WriteContext, id: string, one: Found): Promise<void> {
  await sql`insert into indicators.brought (indicator, "from", "to", figure, method, position, "broughtAt", state, value, met, "of", query)
    values (${id}, ${one.period.from}, ${one.period.to}, ${one.figure}, ${one.method}, ${one.position}, ${tx.now().toISOString()}, ${one.state},
      ${one.value}, ${one.met}, ${one.of}, ${one.query})
    on conflict (indicator, "from", "to") do update set figure = excluded.figure, method = excluded.method, position = excluded.position,
      "broughtAt" = excluded."broughtAt", state = excluded.state, value = excluded.value, met = excluded.met, "of" = excluded."of",
      query = excluded.query`.execute(tx.db)
}

/** What a person says to the provisional value of a period that begins on `from`; `seen` is the value they saw. */
export type Decision = { readonly from: string; readonly seen: Decimal; readonly value: Decimal }

/**
 * A person confirms provisional values, or replaces them by others and says why. From then on they no longer follow the
 * records.
 * @throws Conflict if it has changed since; Invalid without a reason
 */
export async function settleBrought(
  ctx: AppContext,
  record: Indicator,
  decisions: readonly Decision[],
  why: string | null,
): Promise<void> {
  if (!why && decisions.some(replaces))
    throw invalid('indicators.figure-needs-why', [{ at: '/why', code: 'field.required' }])
  await inTransaction(ctx, async (tx) => {
    await lockIndicator(tx.db, record.id)
    const [measured, brought] = [await wholeMeasurements(tx.db, record.id), await broughtFor(tx, record.id)]
    const set = decisions.map((decision) => {
      const { from, seen, value } = decision
      const row = measured.find((each) => each.from === from)
      const standing = standingOf(
        row,
        brought.find((each) => each.from === from),
      )
      if (!row?.value || standing !== 'provisional' || compareDecimals(row.value, seen) !== 0)
        throw conflict('indicators.figure-changed')
      const { to, label, revision } = row
      const settled = { cell: '', from, to, label, value, status: 'actual' }
      if (!replaces(decision)) return settled
      // Of a replaced share nobody knows any more what was divided by what.
      const parts = { numerator: null, denominator: null }
      return { ...settled, ...parts, revision: (revision ?? 1) + 1, note: { [ctx.language]: why } }
    })
    await write(tx, { source: 'page', why }, [
      { kind: indicator.kind, id: record.id, action: 'change', rows: { measurement: { set } } },
    ])
  })
}

const replaces = ({ seen, value }: Decision) => compareDecimals(value, seen) !== 0
