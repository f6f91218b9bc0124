/** Where a table is, in the mapping form: sheet, header rows, what is left out, meaningful colours. */

import type { ColumnForm } from '#platform/imports/index.ts'
import type { Condition, Profile } from '#platform/tabular/index.ts'
import type { SheetGuess } from '#platform/workbook/index.ts'
export type PlaceForm = {
  /** Name of the sheet; empty for a text file. */
  readonly sheet: string
  /** Empty: detected automatically. */
  readonly headerRow: string
  readonly headerRows: string
  /** There are remarks below a blank row. */
  readonly blankEnds: boolean
  /** Total rows are left out: the column and texts that identify them. */
  readonly leaveTotals: boolean
  readonly totalsColumn: string
  readonly totalsTexts: string
}

export const noPlace: PlaceForm = {
  ...{ sheet: '', headerRow: '', headerRows: '', blankEnds: false },
  ...{ leaveTotals: false, totalsColumn: '', totalsTexts: '' },
}

/** What was detected, filled in; people see all of it and may change it. */
export function guessPlace(sheet: SheetGuess | null): PlaceForm {
  if (!sheet) return noPlace
  return {
    ...noPlace,
    sheet: sheet.name,
    blankEnds: sheet.remarksFrom !== null,
    leaveTotals: sheet.totals !== null,
    totalsColumn: sheet.totals?.column ?? '',
    totalsTexts: (sheet.totals?.texts ?? []).join('; '),
  }
}

type TablePart = Pick<Profile, 'file' | 'rowFilter'>

/** What the form says about the table, as part of the profile. */
export function tablePart(place: PlaceForm, columns: readonly ColumnForm[], header: readonly string[]): TablePart {
  const colours = header.filter((_, index) => columns[index]?.colour && columns[index]!.to !== '')
  const number = (text: string) => (/^\d{1,4}$/.test(text.trim()) ? Number(text) : undefined)
  const file = {
    ...(place.sheet === '' ? {} : { sheet: place.sheet }),
    ...(number(place.headerRow) ? { headerRow: number(place.headerRow) } : {}),
    ...(number(place.headerRows) ? { headerRows: number(place.headerRows) } : {}),
    ...(place.blankEnds ? { endsWith: 'blank-row' as const } : {}),
    ...(colours.length > 0 ? { colours } : {}),
  }
  const texts = place.totalsTexts
    .split(';')
    .map((text) => text.trim())
    .filter((text) => text !== '')
  const drop =
    place.leaveTotals && place.totalsColumn !== '' && texts.length > 0
      ? { rowFilter: { drop: [{ column: place.totalsColumn, oneOf: texts }] } }
      : {}
  return { ...(Object.keys(file).length > 0 ? { file } : {}), ...drop }
}

const shownKeys = new Set(['sheet', 'headerRow', 'headerRows', 'endsWith', 'colours'])

/** The place of a profile that a form made; null if it says more than the form can show. */
export function placeOf(profile: Profile): PlaceForm | null {
  const { file = {}, rowFilter } = profile
  if (Object.keys(file).some((key) => !shownKeys.has(key))) return null
  const totals = rowFilter ? totalsOf(rowFilter.keep ?? [], rowFilter.drop ?? []) : { column: '', texts: '' }
  if (!totals) return null
  return {
    sheet: file.sheet ?? '',
    headerRow: String(file.headerRow ?? ''),
    headerRows: String(file.headerRows ?? ''),
    blankEnds: file.endsWith === 'blank-row',
    leaveTotals: totals.texts !== '',
    totalsColumn: totals.column,
    totalsTexts: totals.texts,
  }
}

function totalsOf(keep: readonly Condition[], drop: readonly Condition[]): { column: string; texts: string } | null {
  const [only, ...others] = drop
  if (keep.length > 0 || others.length > 0 || !only?.oneOf || Object.keys(only).length !== 2) return null
  return { column: only.column, texts: only.oneOf.join('; ') }
}

/** The table of a profile that reads a sheet; the profile itself if it has only one table. */
export function tableOfSheet(profile: Profile, sheet: string): Profile | null {
  if (!profile.tables) return (profile.file?.sheet ?? sheet) === sheet ? profile : null
  const found = profile.tables.find((table) => table.file?.sheet === sheet)
  if (!found) return null
  const { tables: _, ...shared } = profile
  return { ...shared, ...found }
}

/** A profile with the table of one sheet added, replaced or (null) removed. */
export function withTable(profile: Profile | null, sheet: string, table: Profile | null): Profile | null {
  if (sheet === '' || !profile) return table
  const { name, version, description, tables, ...single } = table && !profile.tables ? profile : profile
  const old = tables ?? [single]
  const kept = old.filter((each) => each.file?.sheet !== sheet)
  const added = table ? [...kept, bare(table)] : kept
  const [only] = added
  const head = { name: table?.name ?? name, version, ...(description === undefined ? {} : { description }) }
  if (!only) return null
  return added.length === 1 ? { ...head, ...only } : { ...head, columns: {}, tables: added }
}

function bare({ name: _name, version: _version, description: _description, tables: _tables, ...table }: Profile) {
  return table
}

/** The sheets a profile reads. */
export const sheetsOf = (profile: Profile): string[] =>
  (profile.tables ?? [profile]).flatMap((table) => (table.file?.sheet ? [table.file.sheet] : []))
