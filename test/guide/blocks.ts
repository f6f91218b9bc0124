/** The code blocks of a page, each with the file that the prose before it names. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const root = join(import.meta.dirname, '../..')
export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

export type CodeBlock = {
  /** Of which heading. */
  readonly heading: string
  readonly language: string
  /** The last path under `src/` that the prose since the block before names. */
  readonly file: string | undefined
  readonly code: string
  /** What the page says before it, since the block before. */
  readonly prose: string
}

/** Blocks of code and data; commands to type have no language. */
export function codeBlocks(page: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let heading = ''
  let prose = ''
  // Odd pieces are what stands between fences.
  for (const [index, piece] of page.split(/^```/m).entries()) {
    if (index % 2 === 0) {
      prose = piece
      heading = [...piece.matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? heading
      continue
    }
    const [language = '', ...lines] = piece.split('\n')
    const file = [...prose.matchAll(/`(src\/[^`\s]+\.\w+)`/g)].at(-1)?.[1]
    if (language !== '') blocks.push({ heading, language, file, code: lines.join('\n'), prose })
  }
  return blocks
}

/** What stands below a heading of the second level. */
export function chapter(page: string, heading: string): string {
  const start = page.indexOf(`\n## ${heading}\n`)
  if (start < 0) throw new Error(`There is no chapter "${heading}".`)
  const end = page.indexOf('\n## ', start + 4)
  return page.slice(start, end < 0 ? undefined : end)
}

/**
 * Writes blocks into a folder as a builder would: into the file that the page names, else as a file of the room of trees,
 * of which a copy lies there. Returns what to compile.
 */
export function besideTheRoom(blocks: readonly CodeBlock[], folder: string): string[] {
  const trees = join(folder, 'src/modules/trees')
  cpSync(join(root, 'test/guide/trees'), trees, { recursive: true })
  for (const [index, { file, language, code, prose }] of blocks.entries()) {
    const named = file && (!file.startsWith('src/modules/') || !existsSync(join(folder, file))) && join(folder, file)
    const place = named || join(trees, `block-${index}.${language}`)
    const list = /one entry at the end of `(\w+)`/.exec(prose)?.[1]
    const text = list ? withEntry(textOf(file!), list, code) : code
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, text)
  }
  return ['src']
}

function withEntry(text: string, list: string, entry: string): string {
  const start = text.search(new RegExp(`^const ${list}\\b.* = \\{$`, 'm'))
  const end = text.indexOf('\n}\n', start)
  if (start < 0) throw new Error(`There is no "${list}" to put an entry into.`)
  return `${text.slice(0, end)}\n${entry.trimEnd()}${text.slice(end)}`
}
