/**
 * What people do to an indicator beyond its fields: enter and correct values, set targets, note breaks, use the
 * library.
 */
import type { Localized } from '#kernel/words.ts'
import { inTransaction } from '#platform/app.ts'
import type { AppContext } from '#platform/page.ts'
import { type Change, write } from '#platform/records/index.ts'
import library from './library/iso-37120-2014.json' with { type: 'json' }
import type { Indicator } from './queries-series.ts'
import { indicator } from './records.ts'
import type { EnteredBreak, EnteredMeasurement, EnteredTarget } from './rules-entry.ts'

const source = 'page'

async function change(ctx: AppContext, why: string | null, changes: readonly Change[]) {
  return inTransaction(ctx, (tx) => write(tx, { source, why }, changes))
}

const inWriting = (ctx: AppContext, text: string | null): Localized | null => (text ? { [ctx.language]: text } : null)

/** Writes values of one indicator; existing ones are corrected and stay in the history. Returns how many changed. */
export async function enterMeasurements(
  ctx: AppContext,
  record: Indicator,
  rows: readonly EnteredMeasurement[],
  why: string | null,
): Promise<number> {
  const set = rows.map(({ note, ...row }) => ({ ...row, ...(note ? { note: inWriting(ctx, note) } : {}) }))
  await change(ctx, why, [{ kind: indicator.kind, id: record.id, action: 'change', rows: { measurement: { set } } }])
  return set.length
}

/** Adds a target to the earlier ones. */
export async function setTarget(ctx: AppContext, record: Indicator, target: EnteredTarget): Promise<void> {
  const set = [{ ...target, why: inWriting(ctx, target.why) }]
  await change(ctx, target.why, [{ kind: indicator.kind, id: record.id, action: 'change', rows: { target: { set } } }])
}

/** Notes a break. A change of direction also changes the direction of the indicator, in one change set. */
export async function recordBreak(ctx: AppContext, record: Indicator, entered: EnteredBreak): Promise<void> {
  const set = [{ ...entered, reason: inWriting(ctx, entered.reason) }]
  await change(ctx, entered.reason, [
    {
      kind: indicator.kind,
      id: record.id,
      action: 'change',
      rows: { break: { set } },
      ...(entered.direction ? { values: { direction: entered.direction } } : {}),
    },
  ])
}

type LibraryItem = (typeof library)['indicators'][number]

/** Creates a draft from an indicator in the library; nothing if the number is unknown. Returns its code. */
export async function useLibraryItem(
  ctx: AppContext,
  number: string,
  organisation: string | null,
): Promise<string | null> {
  const item = library.indicators.find((each) => each.no === number)
  if (!item) return null
  const { saved } = await change(ctx, null, [
    { kind: indicator.kind, action: 'create', values: { ...libraryValues(item), organisation } },
  ])
  return saved[0]!.code
}

/** The values of a draft: everything but the owner, the target and the figures. */
function libraryValues(item: LibraryItem): Record<string, unknown> {
  const text = (value: unknown) => (value === undefined ? null : value)
  const loose = item as LibraryItem & { numerator?: Localized; denominator?: Localized; unitLabel?: Localized }
  return {
    title: item.title,
    valueKind: item.valueKind,
    unit: item.unit,
    unitLabel: text(loose.unitLabel),
    numerator: text(loose.numerator),
    denominator: text(loose.denominator),
    direction: item.direction,
    grain: item.grain,
    sourceText: { en: library.edition, 'zh-Hans': library.edition },
    libraryNumber: `${library.id}:${item.no}`,
  }
}
