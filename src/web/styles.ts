/**
 * One style sheet for every page: the parts of Designsystemet that we use, then our own layers. Read and joined once,
 * served under its hash, so that browsers may cache it for ever.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const order =
  '@layer ds.theme, ds.base, ds.components, commonweal.tokens, commonweal.base, commonweal.layout, commonweal.parts, commonweal.last;'

const designSystem = {
  'ds.base': ['base'],
  'ds.components': ['label', 'link', 'button', 'input', 'field', 'fieldset', 'validation-message'],
} as const

const own = [
  'tokens',
  'base',
  'layout',
  'shell',
  'navigation',
  'parts',
  'lists',
  'status',
  'table',
  'list',
  'list-shapes',
  'form',
  'chart',
  'map',
  'map-picture',
  'last',
] as const

export type StyleSheet = {
  readonly text: string
  /** First 12 hexadecimal digits of SHA-256 over the text, for the file name. */
  readonly hash: string
}

let joined: StyleSheet | undefined

/** The whole style sheet; throws when a file of it is missing. */
export function styleSheet(): StyleSheet {
  joined ??= joinStyles()
  return joined
}

function joinStyles(): StyleSheet {
  const require = createRequire(import.meta.url)
  const system = (name: string) => readFileSync(require.resolve(`@digdir/designsystemet-css/${name}.css`), 'utf8')
  const parts = [order, system('theme')]
  for (const [layer, names] of Object.entries(designSystem)) {
    parts.push(`@layer ${layer} {\n${names.map(system).join('\n')}\n}`)
  }
  for (const name of own) parts.push(readFileSync(join(import.meta.dirname, 'styles', `${name}.css`), 'utf8'))
  const text = darkForAuto(parts.join('\n').replaceAll(/\/\*[\s\S]*?\*\//g, ''))
    .replaceAll(/\n\s*/g, '\n')
    .replaceAll(/\n{2,}/g, '\n')
  return { text, hash: createHash('sha256').update(text).digest('hex').slice(0, 12) }
}

/** Repeats our dark colours for people who follow their device's setting. */
function darkForAuto(css: string): string {
  const block = /\n\s*\[data-color-scheme="dark"\] (\{[^}]*\})/.exec(css)
  if (!block) throw new Error('styles/tokens.css no longer holds the block [data-color-scheme="dark"].')
  return `${css}\n@layer commonweal.tokens { @media (prefers-color-scheme: dark) { [data-color-scheme="auto"] ${block[1]} } }`
}
