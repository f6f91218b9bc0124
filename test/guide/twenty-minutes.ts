/** Does to a copy of the room `strategy` what "Add a record kind in twenty minutes" tells people to do. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type CodeBlock, root } from './blocks.ts'

const room = 'src/modules/strategy/'

type Way = (text: string, block: CodeBlock) => string

/** How a block gets into its file. What the page does not say, or says otherwise, throws. */
const ways: Readonly<Record<string, Way>> = {
  'records.ts': atTheEnd,
  'rules.ts': (text, block) => importing(atTheEnd(text, block), block, 'assumption', './records.ts'),
  'rules.test.ts': (text, block) => {
    const imported = /At the top `(import [^`]*)`/.exec(block.prose)?.[1] ?? ''
    return `${imported}\n${atTheEnd(text, block)}`
  },
  'policy.ts': (text, { code }) =>
    code
      .trim()
      .split('\n')
      .reduce((sofar, line) => replaced(sofar, new RegExp(`^${line.split('=')[0]!.trim()} = .*$`, 'm'), line), text),
  'module.ts': (text, block) =>
    members(block.code).reduce(
      (sofar, [name, items]) => replaced(sofar, new RegExp(`^  ${name}: \\[`, 'm'), `  ${name}: [${items},`),
      importing(importing(text, block, 'assumption', './records.ts'), block, 'checkAssumption', './rules.ts'),
    ),
  'en.json': withWords,
  'zh-Hans.json': withWords,
  'samples.ts': (text, { code, prose }) => {
    said(prose, /At the end of `samples` in `/)
    return replaced(text, /\n\]\s*$/, `\n${code}]\n`)
  },
}

/** Copies the room and applies the blocks; returns the names of the files that changed. */
export function followed(blocks: readonly CodeBlock[], folder: string): string[] {
  cpSync(join(root, room), folder, { recursive: true })
  return blocks.map((block) => {
    const { file, heading } = block
    const way = file?.startsWith(room) ? ways[basename(file)] : undefined
    if (!way) throw new Error(`The block of "${heading}" cannot be followed: into which file of the room, and how?`)
    const path = join(folder, file!.slice(room.length))
    writeFileSync(path, way(readFileSync(path, 'utf8'), block))
    return file!.slice(room.length)
  })
}

function replaced(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`There is nothing like ${pattern} in the file.`)
  return text.replace(pattern, () => by)
}

function said(prose: string, pattern: RegExp): void {
  if (!pattern.test(prose.replaceAll(/\s+/g, ' '))) throw new Error(`The page does not say ${pattern}: ${prose}`)
}

function atTheEnd(text: string, { code, prose, file }: CodeBlock): string {
  said(prose, new RegExp(`At the end of \`${file!.replaceAll('.', '\\.')}\``))
  return `${text}\n${code}`
}

/** Adds a name to an import that is there, as the page says. */
function importing(text: string, { prose }: CodeBlock, name: string, from: string): string {
  said(prose, new RegExp(`\`${name}\`.* imports? .*\`${from.replaceAll('.', '\\.')}\``))
  return replaced(
    text,
    new RegExp(`(?<=^import \\{ [^}]*)(?= \\} from '${from.replaceAll('.', '\\.')}')`, 'm'),
    `, ${name}`,
  )
}

/** `name: [ /* … *\/ items ],` of a part of the manifest. */
function members(code: string): Array<[name: string, items: string]> {
  const found = [...code.matchAll(/^ {2}(\w+): \[\s*\/\* … \*\/([\s\S]*?),?\s*\],$/gm)]
  const left = found.reduce((rest, [whole]) => rest.replace(whole, ''), code).trim()
  if (left !== '') throw new Error(`This part of the manifest cannot be followed: ${left}`)
  return found.map(([, name, items]) => [name!, items!])
}

function withWords(text: string, { code }: CodeBlock): string {
  const [there, more] = [JSON.parse(text), JSON.parse(`{${code.trim().replace(/,$/, '')}}`)]
  const twice = Object.keys(more).filter((key) => key in there)
  if (twice.length > 0) throw new Error(`These words are there: ${twice.join(', ')}`)
  return JSON.stringify({ ...there, ...more }, null, 2)
}
