/**
 * Rooms, pages and the composition read records through `read` and `readable` (decision 33), so that nobody can forget
 * to limit a read to what the caller may read. This tool checks every piece of SQL outside the machinery and refuses
 * `records.record`, the table of a kind and the tables of its rows: `node tools/readable.ts` says where, then lists
 * what is read `unrestricted`, with the reasons; `--check` omits that list.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript-6'
import { tablesOf } from '../src/kernel/projections/columns.ts'
import type { RecordKind } from '../src/kernel/record.ts'
import { root } from './phases.ts'

export type Source = { readonly file: string; readonly text: string }
export type Found = { readonly file: string; readonly line: number; readonly what: string }

const folders = ['src/modules', 'src/pages', 'src/main']
/** Files that may use the system caller only for reading. */
const onlyReads = /^src\/(?:modules\/[^/]+\/(?:queries|figures)\b|pages\/)/
/** A reason is a sentence, not a word. */
const leastReason = 15

const mend = {
  table: 'read it with read(ctx, kind), or stand readable(…), readableRecords(…) or readableRows(…) in its place',
  condition: 'read(…) and readable(…) ask for it; write no such condition by hand',
  raw: 'write the text here, or choose it from texts that stand in this file',
  reason: 'say in one sentence, as a literal, why nobody is asked what they may read',
}

/** `records.record` and every table that a kind declares, in lower case: `schema.table`. */
export async function tablesOfRecords(): Promise<ReadonlySet<string>> {
  const tables = new Set(['records.record'])
  const rooms = readdirSync(join(root, 'src/modules'))
  const files = rooms.flatMap((room) =>
    readdirSync(join(root, 'src/modules', room))
      .filter((name) => /^records(?:-[a-z-]+)?\.ts$/.test(name))
      .map((name) => join(root, 'src/modules', room, name)),
  )
  for (const file of files) {
    const exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>
    for (const kind of Object.values(exported).filter(isKind))
      for (const { schema, name } of tablesOf(kind)) tables.add(`${schema}.${name}`.toLowerCase())
  }
  if (tables.size < 10)
    throw new Error(`Only ${tables.size} tables of records were found: the declarations were not read.`)
  return tables
}

const isKind = (value: unknown): value is RecordKind =>
  typeof value === 'object' && value !== null && 'kind' in value && 'states' in value && 'rows' in value

/** Every read of records that bypasses `read` and `readable`. */
export const readsPastTheGate = (sources: readonly Source[], tables: ReadonlySet<string>): Found[] =>
  sources.flatMap((source) => inspect(source, tables).refused)

/** What is read unrestricted, and why. */
export const unrestrictedReads = (sources: readonly Source[]): Found[] =>
  sources.flatMap((source) => inspect(source, new Set()).unrestricted)

type Inspected = { refused: Found[]; unrestricted: Found[] }

function inspect({ file, text }: Source, tables: ReadonlySet<string>): Inspected {
  const inspected: Inspected = { refused: [], unrestricted: [] }
  const tree = ts.createSourceFile(
    file,
    text,
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : undefined,
  )
  const at = (position: number) => tree.getLineAndCharacterOfPosition(position).line + 1
  const refuse = (position: number, what: string, how: string) =>
    inspected.refused.push({ file, line: at(position), what: `${what}: ${how}` })
  const schemas = new Set([...tables].map((table) => table.split('.')[0]!))

  /** SQL, with blanks for interpolated parts, so that offsets match the file. */
  const statement = (node: Written) => {
    const sqlText = withoutValues(maskedText(node, text))
    for (const { name, place } of qualifiedNames(sqlText)) {
      if (tables.has(name)) refuse(node.getStart() + place, `"${name}"`, mend.table)
      else if (name.endsWith('.') && schemas.has(name.slice(0, -1)))
        refuse(node.getStart() + place, `a table of "${name.slice(0, -1)}" whose name is filled in`, mend.table)
    }
    for (const { index } of sqlText.matchAll(/"retiredAt"\s+is\s+null/gi))
      refuse(node.getStart() + index, '"retiredAt" is null', mend.condition)
  }
  /** Any other text counts as SQL if it names a table after a word that only SQL uses there. */
  const anyText = (node: Written) => {
    const plain = maskedText(node, text)
    for (const { name, place } of qualifiedNames(plain))
      if (
        (tables.has(name) || (name.endsWith('.') && schemas.has(name.slice(0, -1)))) &&
        /\b(?:from|join|into|update|using|only|table)\s+$/i.test(plain.slice(0, place))
      )
        refuse(node.getStart() + place, `"${name}"`, mend.table)
  }

  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node)) {
      statement(node.template)
      for (const filled of filledAfterFrom(node.template, text))
        if (ts.isCallExpression(filled) && isOwn(filled.expression, 'sql'))
          refuse(filled.getStart(), 'a table that is made up here', mend.table)
    } else if (isJoined(node)) {
      // Joined text is judged as a whole; what is joined to it may hold more.
      if (!isJoined(node.parent)) anyText(node)
    } else if (isText(node) && !ts.isTaggedTemplateExpression(node.parent) && !isJoined(node.parent)) anyText(node)
    else if (ts.isCallExpression(node)) call(node)
    else if (
      ts.isPropertyAccessExpression(node) &&
      node.name.text === 'visible' &&
      /\bpolicies$/.test(node.expression.getText())
    )
      refuse(node.getStart(), 'policies.visible', mend.condition)
    else if (ts.isBindingElement(node) && (node.propertyName ?? node.name).getText() === 'visible') {
      const from = ts.findAncestor(node, ts.isVariableDeclaration)?.initializer?.getText() ?? ''
      if (/\bpolicies$|\bctx$/.test(from)) refuse(node.getStart(), 'policies.visible', mend.condition)
    } else if (ts.isImportSpecifier(node) && node.name.text === 'systemCaller' && onlyReads.test(file))
      refuse(node.getStart(), 'systemCaller', 'read as unrestricted(why, ctx), so that the reason stands beside it')
    else if (ts.isImportSpecifier(node) && ['tableOf', 'rowTable'].includes((node.propertyName ?? node.name).text)) {
      const from = ts.findAncestor(node, ts.isImportDeclaration)?.moduleSpecifier.getText() ?? ''
      if (from.includes('#platform/')) refuse(node.getStart(), `${node.name.text} of the platform`, mend.table)
    }
    ts.forEachChild(node, visit)
  }

  const call = (node: ts.CallExpression) => {
    const [first, second] = node.arguments
    const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText()
    if (name === 'unrestricted') {
      const why = first && ts.isStringLiteralLike(first) ? first.text : ''
      if (why.length < leastReason) refuse(node.getStart(), 'unrestricted', mend.reason)
      else inspected.unrestricted.push({ file, line: at(node.getStart()), what: why })
    }
    if (isOwn(node.expression, 'sql')) {
      if ((name === 'raw' || name === 'table' || name === 'ref') && first && (isText(first) || isJoined(first)))
        statement(first)
      else if (name === 'raw' && first) {
        const behind = textsBehind(first)
        for (const each of behind) statement(each)
        if (behind.length === 0) refuse(node.getStart(), 'sql.raw of text from elsewhere', mend.raw)
      } else if (name === 'table') refuse(node.getStart(), 'sql.table', mend.table)
      if (name === 'id' && second && first) {
        const [schema, table] = [first, second].map((part) =>
          ts.isStringLiteralLike(part) ? part.text.toLowerCase() : undefined,
        )
        if (schema === undefined || (table === undefined ? schemas.has(schema) : tables.has(`${schema}.${table}`)))
          refuse(node.getStart(), node.getText(), mend.table)
      }
    }
    // The query builder's other form: db.selectFrom('records.record as r').
    if (
      /^(?:selectFrom|\w*[jJ]oin|insertInto|updateTable|deleteFrom|mergeInto|using)$/.test(name) &&
      first &&
      isText(first)
    )
      statement(first)
  }

  visit(tree)
  return inspected
}

/** The texts of this file that a name or an entry may stand for. */
function textsBehind(node: ts.Node, seen: ReadonlySet<ts.Node> = new Set()): Written[] {
  if (seen.has(node)) return []
  const further = new Set([...seen, node])
  if (isText(node) || isJoined(node)) return [node]
  if (ts.isIdentifier(node)) return declarationsOf(node).flatMap((each) => textsBehind(each, further))
  if (ts.isPropertyAccessExpression(node)) return textsBehind(node.expression, further)
  const found: Written[] = []
  ts.forEachChild(node, (child) => {
    found.push(...textsBehind(child, further))
  })
  return found
}

/** Where a name gets its value: what it is declared as, or what a function written in place is called on. */
function declarationsOf(name: ts.Identifier): ts.Node[] {
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name.text && node.initializer)
      found.push(node.initializer)
    ts.forEachChild(node, visit)
  }
  visit(name.getSourceFile())
  const inPlace = ts.findAncestor(
    name,
    (node): node is ts.ArrowFunction =>
      ts.isArrowFunction(node) && node.parameters.some((each) => namesIn(each.name).includes(name.text)),
  )
  if (inPlace && ts.isCallExpression(inPlace.parent)) found.push(inPlace.parent.expression)
  return found
}

const namesIn = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((each) => (ts.isBindingElement(each) ? namesIn(each.name) : []))

type Text = ts.TemplateLiteral | ts.StringLiteral
/** Text, or texts joined by `+`. */
type Written = Text | ts.BinaryExpression
const isJoined = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) &&
  node.operatorToken.kind === ts.SyntaxKind.PlusToken &&
  [node.left, node.right].some((side) => isText(side) || isJoined(side))
const isText = (node: ts.Node): node is Text =>
  ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)

/** Is it `owner.something`? */
const isOwn = (node: ts.Expression, owner: string) =>
  ts.isPropertyAccessExpression(node) && node.expression.getText() === owner

const filler = '\u0001'

/**
 * The source text of a literal, without its quotes; each interpolated part becomes a mark and blanks. Of joined texts,
 * one after the other.
 */
function maskedText(node: Written, text: string): string {
  if (ts.isBinaryExpression(node))
    return [node.left, node.right]
      .map((side) => (isText(side) || isJoined(side) ? maskedText(side, text).slice(1, -1) : filler))
      .join('')
      .replace(/^|$/g, ' ')
  let masked = ` ${text.slice(node.getStart() + 1, node.getEnd() - 1)} `
  if (!ts.isTemplateExpression(node)) return masked
  for (const { expression } of node.templateSpans) {
    const [from, to] = [expression.getFullStart() - 2 - node.getStart(), expression.getEnd() + 1 - node.getStart()]
    masked = masked.slice(0, from) + filler + ' '.repeat(to - from - 1) + masked.slice(to)
  }
  return masked
}

/** Blanks instead of comments and single-quoted text, which may name kinds and links. */
const withoutValues = (sqlText: string): string =>
  sqlText.replaceAll(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, (value) => ' '.repeat(value.length))

/** Names of the form `schema.table`, in lower case; `schema.` if the table is interpolated. */
function qualifiedNames(sqlText: string): Array<{ name: string; place: number }> {
  const pattern = new RegExp(`(?<![\\w."$])"?([a-z_]\\w*)"?\\s*\\.\\s*(?:"?([a-z_]\\w*)"?|(${filler}))`, 'gi')
  return [...sqlText.matchAll(pattern)].map(({ 1: schema, 2: table, index }) => ({
    name: `${schema}.${table ?? ''}`.toLowerCase(),
    place: index,
  }))
}

/** What is interpolated right after `from`, `join`, `using`. */
function filledAfterFrom(node: ts.TemplateLiteral, text: string): ts.Expression[] {
  if (!ts.isTemplateExpression(node)) return []
  return node.templateSpans
    .map((span) => span.expression)
    .filter((expression) =>
      /\b(?:from|join|using)\s*\$\{\s*$/i.test(text.slice(node.getStart(), expression.getStart())),
    )
}

/** The files outside the machinery. */
function sourcesOf(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || /\.test\.tsx?$/.test(entry.name)) return []
    const path = join(entry.parentPath, entry.name)
    const file = path.slice(root.length + 1)
    return [{ file, text: readFileSync(path, 'utf8') }]
  })
}

if (process.argv[1] === import.meta.filename) {
  const sources = folders.flatMap(sourcesOf)
  const refused = readsPastTheGate(sources, await tablesOfRecords())
  for (const { file, line, what } of refused) console.error(`${file}:${line}: ${what}`)
  if (!process.argv.includes('--check'))
    for (const { file, line, what } of unrestrictedReads(sources)) console.log(`${file}:${line}: unrestricted: ${what}`)
  console.log(`readable: ${sources.length} files, ${refused.length} reads past it`)
  process.exitCode = refused.length > 0 || sources.length < 50 ? 1 : 0
}
