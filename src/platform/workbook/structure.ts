/** What a workbook contains: its sheets in order, and anything else that a reader should know about. */
import { excerpt, ReadingStopped, type TableProblem, tableProblem } from '../tabular/index.ts'
import type { Archive } from './archive.ts'
import { damaged, tooMuch } from './faults.ts'
import type { WorkbookLimits } from './limits.ts'
import { attributeOf, isTrue, scanPart } from './part.ts'

/** The sheet of our own workbooks that holds the choices of their drop-down lists; it is not data. */
export const listSheet = 'Lists'

export type SheetFacts = {
  readonly name: string
  readonly hidden: boolean
  /** Entry of the archive. */
  readonly part: string
}

export type Structure = {
  readonly sheets: readonly SheetFacts[]
  /** Days are counted from 1904-01-01 instead of 1899-12-31. */
  readonly date1904: boolean
  readonly strings: string | null
  readonly styles: string | null
  /** Macros, links to other workbooks, hidden sheets. */
  readonly problems: readonly TableProblem[]
}

type Relation = { readonly id: string; readonly type: string; readonly target: string; readonly external: boolean }

/** The first bytes are an archive; is it a workbook, and of which kind? */
export async function readStructure(archive: Archive, limits: WorkbookLimits): Promise<Structure> {
  const other = otherArchive(archive.names)
  if (other) throw new ReadingStopped(tableProblem('file.not-a-table', { content: other }))
  const root = await relationsOf(archive, '_rels/.rels', '', limits)
  const main = root.find((relation) => relation.type === 'officeDocument')?.target ?? 'xl/workbook.xml'
  if (main.endsWith('.bin')) throw new ReadingStopped(tableProblem('file.not-a-table', { content: 'xlsb' }))
  const folder = main.slice(0, main.lastIndexOf('/') + 1)
  const relations = await relationsOf(archive, `${folder}_rels/${main.slice(folder.length)}.rels`, folder, limits)
  const byId = new Map(relations.map((relation) => [relation.id, relation]))
  const sheets: SheetFacts[] = []
  let date1904 = false
  await scanPart(archive.read(main), main, limits, {
    open: (name, attributes) => {
      if (name === 'workbookPr') date1904 = isTrue(attributes.date1904)
      if (name !== 'sheet') return
      if (sheets.length >= limits.sheets) throw tooMuch('sheets', limits.sheets)
      const relation = byId.get(attributeOf(attributes, 'id') ?? '')
      // Chart sheets and macro sheets hold no cells.
      if (relation && relation.type !== 'worksheet') return
      const hidden = attributes.state === 'hidden' || attributes.state === 'veryHidden'
      sheets.push({ name: (attributes.name ?? '').slice(0, 255), hidden, part: relation?.target ?? '' })
    },
  })
  if (sheets.length === 0) throw new ReadingStopped(tableProblem('workbook.no-sheets'))
  const target = (type: string) => relations.find((relation) => relation.type === type && !relation.external)?.target
  return {
    sheets,
    date1904,
    strings: target('sharedStrings') ?? null,
    styles: target('styles') ?? null,
    problems: [...macros(archive), ...(await links(archive, relations, limits)), ...hiddenSheets(sheets)],
  }
}

/** Other archives that look like workbooks from outside. */
function otherArchive(names: ReadonlySet<string>): string | null {
  if (names.has('xl/workbook.bin')) return 'xlsb'
  if (names.has('[Content_Types].xml')) return names.has('word/document.xml') ? 'docx' : null
  return names.has('content.xml') && names.has('mimetype') ? 'ods' : 'zip'
}

async function relationsOf(
  archive: Archive,
  part: string,
  folder: string,
  limits: WorkbookLimits,
): Promise<Relation[]> {
  if (!archive.names.has(part)) return []
  const relations: Relation[] = []
  await scanPart(archive.read(part), part, limits, {
    open: (name, attributes) => {
      if (name !== 'Relationship') return
      if (relations.length >= limits.entries) throw tooMuch('entries', limits.entries, part)
      const external = attributes.TargetMode === 'External'
      const target = attributes.Target ?? ''
      relations.push({
        id: attributes.Id ?? '',
        type: (attributes.Type ?? '').split('/').at(-1)!,
        target: external ? target : within(folder, target),
        external,
      })
    },
  })
  return relations
}

/** The name of an entry for a target; one outside the archive gives none. */
function within(folder: string, target: string): string {
  const parts = target.startsWith('/') ? [] : folder.split('/').filter((part) => part !== '')
  for (const part of target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** Macros are never run or read, but their presence is reported. */
function macros(archive: Archive): TableProblem[] {
  const found = [...archive.names].filter((name) => /vbaProject\.bin$|\/macrosheets\//i.test(name))
  return found.length > 0 ? [tableProblem('workbook.macros', { count: found.length })] : []
}

async function links(archive: Archive, relations: readonly Relation[], limits: WorkbookLimits) {
  const targets: string[] = []
  for (const relation of relations.filter((each) => each.type === 'externalLink').slice(0, 20)) {
    const folder = relation.target.slice(0, relation.target.lastIndexOf('/') + 1)
    const part = `${folder}_rels/${relation.target.slice(folder.length)}.rels`
    const [link] = await relationsOf(archive, part, folder, limits)
    targets.push(link ? link.target.split(/[\\/]/).at(-1)! : '?')
  }
  if (targets.length === 0) return []
  return [tableProblem('workbook.links', { count: targets.length, text: excerpt(targets.join(', ')) })]
}

function hiddenSheets(sheets: readonly SheetFacts[]): TableProblem[] {
  const hidden = sheets.filter((sheet) => sheet.hidden && sheet.name !== listSheet)
  if (hidden.length === 0) return []
  const text = excerpt(hidden.map((sheet) => sheet.name).join(', '))
  return [tableProblem('workbook.hidden-sheets', { count: hidden.length, text })]
}

/** The sheet with this name, exactly or ignoring case and spaces. Throws `ReadingStopped` if there is none. */
export function sheetNamed(sheets: readonly SheetFacts[], name: string): SheetFacts {
  const plain = (text: string) => text.normalize('NFKC').trim().toLowerCase()
  const found = sheets.find((sheet) => sheet.name === name) ?? sheets.find((sheet) => plain(sheet.name) === plain(name))
  if (!found) {
    const text = excerpt(sheets.map((sheet) => sheet.name).join(', '))
    throw new ReadingStopped(tableProblem('workbook.sheet-missing', { name: excerpt(name), text }))
  }
  if (found.part === '') throw damaged('missing', found.name)
  return found
}
