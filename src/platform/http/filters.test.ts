import { describe, expect, it } from 'vitest'
import type { Problem } from '#kernel/problem.ts'
import { choice, choices, day, decimal, flag, record, ref, text, whole } from '#kernel/record.ts'
import { readListQuery } from './filters.ts'

const kind = record('strategy.example', {
  code: 'EXA',
  plural: 'examples',
  title: { max: 100, localized: true },
  states: ['draft', 'agreed'],
  fields: {
    direction: choice(['up', 'down']),
    themes: choices(['water', 'air']),
    dueOn: day(),
    share: decimal(),
    level: whole(),
    critical: flag(),
    note: text(),
    summary: text({ localized: true }),
    language: choice(['en', 'zh-Hans']),
    plan: ref('strategy.plan', { back: 'examples' }),
  },
})
const id = '0197a000-0000-7000-8000-000000000001'
const read = (query: Record<string, unknown>) => readListQuery(kind, query)
const problems = (query: Record<string, unknown>) => {
  try {
    read(query)
  } catch (error) {
    return (error as Problem).fields.map(({ at, code }) => `${at} ${code}`)
  }
  return []
}

describe('a question that is understood', () => {
  it.each([
    [{ state: 'agreed' }, { field: 'state', is: 'eq', value: 'agreed' }],
    [{ direction: 'up,down' }, { field: 'direction', is: 'in', value: ['up', 'down'] }],
    [{ themes: 'water' }, { field: 'themes', is: 'eq', value: 'water' }],
    [{ 'dueOn[lt]': '2026-01-01' }, { field: 'dueOn', is: 'lt', value: '2026-01-01' }],
    [{ 'share[gte]': '-12.50' }, { field: 'share', is: 'gte', value: '-12.50' }],
    [{ 'level[in]': '1,2' }, { field: 'level', is: 'in', value: ['1', '2'] }],
    [{ critical: 'true' }, { field: 'critical', is: 'eq', value: 'true' }],
    [{ 'owner[empty]': 'true' }, { field: 'owner', is: 'empty', value: true }],
    [{ 'summary[empty]': 'false' }, { field: 'summary', is: 'empty', value: false }],
    [{ note: 'one, two' }, { field: 'note', is: 'eq', value: 'one, two' }],
    [{ 'language[eq]': 'en' }, { field: 'language', is: 'eq', value: 'en' }],
    [{ organisation: id }, { field: 'organisation', is: 'eq', value: id }],
    [{ 'changedAt[gt]': '2026-01-01T09:00:00Z' }, { field: 'changedAt', is: 'gt', value: '2026-01-01T09:00:00Z' }],
  ])('%j', (query, filter) => expect(read(query).options.filters).toEqual([filter]))

  it('may ask for words, an order, a portion, a count, a language and some fields', () => {
    const question = read({
      q: '清洁 air',
      sort: '-changedAt',
      after: 'abc',
      limit: '20',
      count: 'true',
      language: 'zh-Hans',
      fields: 'title,dueOn',
    })
    expect(question.options).toEqual({ filters: [], words: '清洁 air', sort: '-changedAt', after: 'abc', limit: 20 })
    expect(question).toMatchObject({ count: true, language: 'zh-Hans' })
    expect([...question.fields!]).toEqual(['id', 'kind', 'title', 'dueOn'])
  })
})

describe('a question that is not understood is named', () => {
  it.each([
    [{ colour: 'red' }, ['/colour query.unknown']],
    [{ constructor: 'x' }, ['/constructor query.unknown']],
    [{ state: ['draft', 'agreed'] }, ['/state query.repeated']],
    [{ state: 'done' }, ['/state field.not-a-choice']],
    [{ direction: 'up,sideways' }, ['/direction field.not-a-choice']],
    [{ 'note[lt]': 'a' }, ['/note[lt] query.bad-comparison']],
    [{ summary: 'a' }, ['/summary query.bad-comparison']],
    [{ 'level[near]': '3' }, ['/level[near] query.bad-comparison']],
    [{ level: 'three' }, ['/level query.bad-value']],
    [{ dueOn: '1 May' }, ['/dueOn query.bad-value']],
    [{ plan: 'PLN-0001' }, ['/plan query.bad-value']],
    [{ note: '\0' }, ['/note query.bad-value']],
    [{ 'owner[empty]': 'yes' }, ['/owner[empty] query.not-a-flag']],
    [{ sort: 'summary' }, ['/sort query.unknown-sort']],
    [{ limit: '0' }, ['/limit query.bad-limit']],
    [{ limit: '201' }, ['/limit query.bad-limit']],
    [{ language: 'not a tag' }, ['/language query.not-a-language']],
    [{ fields: 'title,secret' }, ['/fields query.unknown-field']],
    [{ limit: 'x', sort: 'x', x: '1' }, ['/x query.unknown', '/sort query.unknown-sort', '/limit query.bad-limit']],
  ])('%j', (query, expected) => expect(problems(query)).toEqual(expected))
})
