import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import english from './words/en.json' with { type: 'json' }
import chinese from './words/zh-Hans.json' with { type: 'json' }

const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
  .join('\n')

it('says the same in both languages', () => {
  expect(Object.keys(chinese)).toEqual(Object.keys(english))
})

it('has every word that a part asks for, and asks for every word it has', () => {
  const asked = [...sources.matchAll(/['`](web\.[a-z-]+(?:\.[A-Za-z-]+)*(?:[.-]?\$\{)?)/g)].map((match) => match[1]!)
  const whole = asked.filter((key) => !key.endsWith('${'))
  const begun = asked.filter((key) => key.endsWith('${')).map((key) => key.slice(0, -2))
  const keys = Object.keys(english)
  expect(whole.filter((key) => !keys.includes(key))).toEqual([])
  expect(begun.filter((start) => !keys.some((key) => key.startsWith(start)))).toEqual([])
  expect(keys.filter((key) => !whole.includes(key) && !begun.some((start) => key.startsWith(start)))).toEqual([])
})

it('takes the same values in both languages', () => {
  const values = (text: string) => [...new Set([...text.matchAll(/\{(\w+)(?=[,}])/g)].map((match) => match[1]!))].sort()
  const pairs = Object.entries(english).map(([key, text]) => [
    key,
    values(text),
    values(chinese[key as keyof typeof chinese]),
  ])
  expect(pairs.filter(([, own, other]) => String(own) !== String(other))).toEqual([])
})
