/** The first look at an uploaded file: its columns, and its first rows as they would be saved. Nothing is written. */
import { type ImportProblem, weightOf } from '#platform/imports/index.ts'
import { prepareConversion } from '#platform/tabular/convert.ts'
import { type Profile, readOptionsOf } from '#platform/tabular/profile.ts'
import { readTable } from '#platform/tabular/read.ts'
import { type Recognition, recognise } from '#platform/tabular/recognise.ts'
import { importerFor } from './actions-import.ts'
import type { IndicatorContent, LevelContent, OrganisationContent, OutcomeContent } from './actions-import-content.ts'
import { steps } from './actions-import-content.ts'

/** Rows looked at, and rows shown. */
const looked = 300
const shown = 10

export type FirstLook = {
  readonly header: readonly string[]
  readonly recognition: Recognition
  readonly problems: readonly ImportProblem[]
}

/** What the columns look like, from the beginning of the file. */
export async function lookAt(file: AsyncIterable<Uint8Array>): Promise<FirstLook> {
  const table = await readTable(file)
  const rows: string[][] = []
  for await (const row of table.rows) if (rows.push(row.cells) >= looked) break
  await table.close()
  return { header: table.header, recognition: recognise(table.header, rows), problems: table.problems.shown }
}

export type PreviewRow = {
  readonly line: number
  readonly title: string
  readonly organisation: string
  readonly above: string
  readonly values: string
  readonly valueCount: number
  readonly target: string
}

export type Preview = {
  readonly rows: readonly PreviewRow[]
  /** How many of the rows looked at would be refused for what stands in them, and how many were looked at. */
  readonly refused: number
  readonly looked: number
  readonly problems: readonly ImportProblem[]
}

/** The first rows under a profile. What only the stored records can tell (an unknown post) is found by the whole check. */
export async function previewOf(file: AsyncIterable<Uint8Array>, profile: Profile): Promise<Preview> {
  const table = await readTable(file, readOptionsOf(profile))
  const conversion = prepareConversion(profile, table.header)
  const importer = importerFor(profile, table.header)
  const problems: ImportProblem[] = [...conversion.problems, ...importer.problems]
  const rows: PreviewRow[] = []
  let count = 0
  let refused = 0
  for await (const row of table.rows) {
    if (count >= looked) break
    count += 1
    const converted = conversion.convertRow(row)
    if (!converted.kept) continue
    const read = importer.read(row, converted)
    const found = [...row.problems, ...converted.problems, ...read.problems]
    if (found.some((problem) => weightOf(problem.code) === 'reject')) refused += 1
    problems.push(...converted.problems, ...read.problems)
    if (rows.length < shown) rows.push(...read.items.flatMap((item) => rowOf(item, read.items)))
  }
  await table.close()
  problems.push(...table.problems.shown)
  return {
    rows: rows.slice(0, shown),
    refused,
    looked: count,
    problems: problems.sort((left, right) => (left.row ?? 0) - (right.row ?? 0)).slice(0, 50),
  }
}

type Item = { step: number; key: string; line: number; content: unknown }

function rowOf(item: Item, all: readonly Item[]): PreviewRow[] {
  if (item.step !== steps.indicator && item.step !== steps.part) return []
  const content = item.content as IndicatorContent
  const body = all.find((each) => each.step === steps.organisation)?.content as OrganisationContent | undefined
  const above = all
    .filter((each) => each.step === steps.outcome || (each.step >= steps.level && each.step < steps.indicator))
    .map((each) => (each.content as LevelContent | OutcomeContent).title)
  const [target] = content.targets
  const values = content.measurements
  return [
    {
      line: item.line,
      title: typeof content.fields.title === 'string' ? content.fields.title : content.id,
      organisation: body?.name ?? '',
      above: above.join(' › '),
      values: values
        .slice(-3)
        .map((each) => `${each.label}${each.cell ? ` (${each.cell})` : ''}: ${each.value ?? ''}`)
        .join(' · '),
      valueCount: values.length,
      target: target ? `${target.targetKind} ${target.value ?? [target.low, target.high].join('–')}` : '',
    },
  ]
}
