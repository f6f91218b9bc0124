/** The code blocks of a page, each with the file that the prose before it names. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

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
