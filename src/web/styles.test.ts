import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { styleSheet } from './styles.ts'

const folder = join(import.meta.dirname, 'styles')
const own = readdirSync(folder).map((name) => ({ name, css: readFileSync(join(folder, name), 'utf8') }))
const tokens = own.find(({ name }) => name === 'tokens.css')!.css

const colours = (block: string): Record<string, string> =>
  Object.fromEntries([...block.matchAll(/--cw-([a-z-]+): (#[0-9a-f]{6})/g)].map((match) => [match[1]!, match[2]!]))
const light = colours(tokens.slice(0, tokens.indexOf('[data-color-scheme="dark"]')))
const dark = { ...light, ...colours(tokens.slice(tokens.indexOf('[data-color-scheme="dark"]'))) }

/** Relative luminance and contrast after WCAG 2.2. */
const luminance = (colour: string) => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}
const contrast = (one: string, other: string) => {
  const [high, low] = [luminance(one), luminance(other)].sort((left, right) => right - left)
  return (high! + 0.05) / (low! + 0.05)
}

const words: ReadonlyArray<[string, string]> = [
  ...['paper', 'surface', 'sunken'].flatMap(
    (ground): Array<[string, string]> => [
      ['ink', ground],
      ['ink-soft', ground],
      ['accent', ground],
    ],
  ),
  ['accent-strong', 'accent-soft'],
  ['ink', 'accent-soft'],
  ['accent-contrast', 'accent'],
  ['good-ink', 'good-soft'],
  ['concern-ink', 'concern-soft'],
  ['quiet-ink', 'quiet-soft'],
  ['masthead-ink', 'masthead'],
  ['masthead-soft', 'masthead'],
  ['chart-axis', 'surface'],
  ['chart-target', 'surface'],
]
const shapes: ReadonlyArray<[string, string]> = [
  ...['line-strong', 'good', 'concern', 'chart-line', 'chart-mean', 'chart-limit'].map((name): [string, string] => [
    name,
    'surface',
  ]),
  ['line-strong', 'paper'],
]

describe.each([
  ['light', light],
  ['dark', dark],
])('%s colours', (_, palette) => {
  it.each(words)('%s can be read on %s', (ink, ground) => {
    expect(contrast(palette[ink]!, palette[ground]!)).toBeGreaterThanOrEqual(4.5)
  })
  it.each(shapes)('%s can be told from %s', (shape, ground) => {
    expect(contrast(palette[shape]!, palette[ground]!)).toBeGreaterThanOrEqual(3)
  })
})

it('uses logical directions only, so that pages can be mirrored', () => {
  const physical =
    /^\s*(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height|(?:min|max)-(?:width|height)|float: (?:left|right)|text-align: (?:left|right))\b.*:/
  const found = own.flatMap(({ name, css }) =>
    css
      .split('\n')
      .filter((line) => physical.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  )
  expect(found).toEqual([])
})

it('loads nothing from elsewhere', () => {
  expect(styleSheet().text).not.toMatch(/url\(["']?(?:https?:)?\/\/|@import/)
})

it('is one text with its hash, dark for those who ask for it and for devices that do', () => {
  const { text, hash } = styleSheet()
  expect(hash).toMatch(/^[0-9a-f]{12}$/)
  expect(text.match(/--cw-paper: #0f1618/g)).toHaveLength(2)
  expect(text.indexOf('@layer ds.theme, ds.base')).toBe(0)
})
