/** The workbook a city can fill in: the sheets that rooms offer and the mapping that reads them, in each language. */

import type { Field } from '#kernel/record.ts'
import type { Registry } from '#kernel/registry.ts'
import { type Language, languages } from '#kernel/words.ts'
import { type AllOffers, type SheetColumn, subjectOf, type TemplateSheet } from '#platform/imports/index.ts'
import type { Profile } from '#platform/tabular/index.ts'
import type { WorkbookCell, WorkbookContent, WorkbookSheet } from '#platform/workbook/index.ts'
import { lettersOf } from '#platform/workbook/index.ts'
import readMe from './library/read-me.json' with { type: 'json' }

/** How the first cell of an example row begins, in every language. */
const exampleRow = '^(EXAMPLE|Example|示例)'
/** Columns named after a year, quarter, half-year or month hold its values. */
const periodName = '^(\\d{4}(?:-(?:Q[1-4]|H[12]|\\d{2}))?)$'
const lastRow = 5001

/** Sheets of the template as described on a page. */
export const templateSheets = ({ sheets }: AllOffers, language: Language) =>
  sheets.map(({ key, name, about, columns }) => ({
    key,
    name: name[language],
    about: about[language],
    columns: columns.map((column) => ({
      key: column.key,
      name: column.name[language],
      note: column.note?.[language] ?? '',
    })),
  }))

/** Mappings of all templates: the tables as text, and the workbook in each language. */
export const templateProfiles = (registry: Registry, offers: AllOffers): readonly Profile[] => [
  ...offers.subjects.flatMap(({ templates }) => templates.map(({ profile }) => profile)),
  ...languages.map((language) => templateProfile(registry, offers, language)),
]

/** The mapping that reads the workbook in a language. Example rows are left out; sheets may be missing. */
function templateProfile(registry: Registry, offers: AllOffers, language: Language): Profile {
  const tables = offers.sheets.flatMap((sheet) =>
    sheet.tables.map((table) => {
      const subject = subjectOf(offers, table.kind)
      const series = subject?.form.series
      const nameOf = (key: string) => sheet.columns.find((column) => column.key === key)!.name[language]
      const mapped = sheet.columns.flatMap((column) => {
        const to = typeof column.to === 'string' ? column.to : column.to?.[table.kind ?? '']
        return to === undefined
          ? []
          : [[column.name[language], ruleOf(registry, column, to, subject !== undefined)] as const]
      })
      const names = new Set([...mapped.map(([name]) => name), ...table.id.map(nameOf)])
      const ignore = sheet.columns
        .map((column) => column.name[language])
        .filter((name) => !names.has(name) && !(series && new RegExp(periodName).test(name)))
      return {
        ...(table.kind === undefined ? {} : { kind: table.kind }),
        file: { sheet: sheet.name[language], optional: true },
        columns: Object.fromEntries(mapped),
        ignore,
        rowFilter: {
          drop: [{ column: sheet.columns[0]!.name[language], matches: exampleRow }],
          ...(table.keep === undefined ? {} : { keep: [{ column: nameOf(table.keep), missing: false }] }),
        },
        externalId: { source: 'template', columns: table.id.map(nameOf) },
        ...(series
          ? { unpivot: { period: series.period, columns: [{ pattern: periodName, to: series.value, period: '$1' }] } }
          : {}),
      }
    }),
  )
  const name = `Template: workbook (${language})`
  return { name, version: 1, columns: {}, tables } as unknown as Profile
}

function ruleOf(registry: Registry, column: SheetColumn, to: string, ofSubject: boolean) {
  // A kind knows the names of its own choices.
  const choice = ofSubject && column.list?.startsWith('choice:') ? choiceOf(registry, column.list) : null
  return {
    to,
    ...(column.as === undefined ? {} : { as: column.as }),
    ...(column.required ? { required: true } : {}),
    ...(choice ? { as: 'choice', choices: choice.meanings } : {}),
  }
}

/** The choices of a field: their names in one language, and the meaning of each name in any language. */
function choiceOf(registry: Registry, list: string) {
  const [module, name, ...path] = list.slice('choice:'.length).split('.')
  const kind = `${module}.${name}`
  const { fields, rows } = registry.kind(kind).declaration
  const [first = '', second] = path
  const field: Field | undefined = second === undefined ? fields[first] : rows[first]?.fields[second]
  const values = field?.of ?? []
  const label = (value: string, language: Language) =>
    registry.words.say(language)(`${kind}.choice.${path.join('.')}.${value}`)
  const meanings: Record<string, string> = {}
  for (const value of values) {
    meanings[value] = value
    for (const language of languages) meanings[label(value, language)] = value
  }
  return { name: path.at(-1)!, values, label, meanings }
}

/** The workbook itself. */
export function templateWorkbook(registry: Registry, { sheets }: AllOffers, language: Language): WorkbookContent {
  const lists: Record<string, readonly string[] | string> = {}
  const made = sheets.map((sheet): WorkbookSheet => {
    const columns = sheet.columns.map((column) => {
      const list = column.list === undefined ? null : listOf(registry, sheets, column.list, language)
      if (list) lists[list.name] = list.of
      return {
        width: column.width,
        ...(list ? { list: list.name } : {}),
        ...(column.open ? { open: true } : {}),
        ...(column.note ? { note: column.note[language] } : {}),
      }
    })
    const examples = Math.max(...sheet.columns.map((column) => column.examples.length))
    const rows = Array.from({ length: examples }, (_, index) => ({
      style: 'example' as const,
      cells: sheet.columns.map((column) => exampleOf(registry, column, index, language)),
    }))
    const names = sheet.columns.map((column) => column.name[language])
    return { name: sheet.name[language], headerRows: 1, columns, rows: [names, ...rows] }
  })
  return { sheets: [readMeSheet(sheets, language), ...made], lists, language }
}

function listOf(
  registry: Registry,
  sheets: readonly TemplateSheet[],
  list: string,
  language: Language,
): { name: string; of: readonly string[] | string } {
  if (list.startsWith('choice:')) {
    const { name, values, label } = choiceOf(registry, list)
    return { name: `List_${name}`, of: values.map((value) => label(value, language)) }
  }
  const [sheetKey, key] = list.slice('column:'.length).split('.')
  const sheet = sheets.find((each) => each.key === sheetKey)!
  const letters = lettersOf(sheet.columns.findIndex((column) => column.key === key))
  return { name: `Column_${sheetKey}_${key}`, of: `'${sheet.name[language]}'!$${letters}$2:$${letters}$${lastRow}` }
}

/** `=up` means the name of the choice `up`. */
function exampleOf(registry: Registry, column: SheetColumn, index: number, language: Language): WorkbookCell {
  const cell = column.examples[index]?.[language] ?? null
  if (typeof cell !== 'string' || !cell.startsWith('=')) return cell
  return choiceOf(registry, column.list!).label(cell.slice(1), language)
}

function readMeSheet(sheets: readonly TemplateSheet[], language: Language): WorkbookSheet {
  return {
    name: readMe.name[language],
    headerRows: 0,
    columns: [{ width: 28 }, { width: 110 }],
    rows: [
      { style: 'title', cells: [readMe.title[language]] },
      [],
      ...readMe.lines[language].map((line, index) => ({ style: 'prose' as const, cells: [index + 1, line] })),
      [],
      ...sheets.map(({ name, about }) => ({ style: 'prose' as const, cells: [name[language], about[language]] })),
    ],
  }
}
