import { expect, test } from 'vitest'
import { recommendations } from './index.ts'
import file from './recommendations.json' with { type: 'json' }

test('there are 138 recommendations in 20 clauses, each with an id of its clause and place', () => {
  expect(recommendations).toHaveLength(138)
  expect(file.clauses).toHaveLength(20)
  expect(new Set(recommendations.map(({ id }) => id)).size).toBe(138)
  for (const { clause, recommendations: own } of file.clauses)
    expect(own.map(({ id }) => id)).toEqual(own.map((_each, index) => `${clause}-${index + 1}`))
})

test('each is one short line in both languages, and no two say the same', () => {
  for (const language of ['en', 'zh-Hans'] as const) {
    const titles = recommendations.map(({ title }) => title[language]!)
    const most = language === 'en' ? 100 : 40
    expect(titles.filter((title) => title.trim() === '' || title.length > most || title.includes('\n'))).toEqual([])
    expect(titles.every((title) => /[\u4e00-\u9fff]/.test(title))).toBe(language === 'zh-Hans')
  }
})
