import { expect, it } from 'vitest'
import { parser } from '#kernel/projections/parser.ts'
import { querySchema, readQuery } from './query.ts'

const schema = querySchema(
  {
    depth: { type: 'integer', minimum: 1, maximum: 20 },
    open: { type: 'boolean' },
    direction: { type: 'string', enum: ['up', 'down'] },
  },
  ['direction'],
)
const check = parser(schema as unknown as Record<string, unknown>)
const read = (query: Record<string, unknown>) => {
  const { problems, coerced } = readQuery(query, schema.properties, check)
  return problems.length > 0 ? problems.map(({ at, code }) => `${at} ${code}`) : coerced
}

it('gives questions their declared types', () =>
  expect(read({ depth: '3', open: 'true', direction: 'up' })).toEqual({ depth: 3, open: true, direction: 'up' }))

it.each([
  [{ direction: 'up', dept: '3' }, ['/dept query.unknown']],
  [{ direction: ['up', 'down'] }, ['/direction query.repeated']],
  [{ direction: 'up', depth: 'three' }, ['/depth field.type']],
  [{ direction: 'up', depth: '21' }, ['/depth field.too-large']],
  [{ direction: 'up', depth: '2.5' }, ['/depth field.type']],
  [{ direction: 'up', open: 'yes' }, ['/open field.type']],
  [{ direction: 'sideways' }, ['/direction field.not-a-choice']],
  [{}, ['/direction field.required']],
  [{ direction: 'up', __proto__x: '1' }, ['/__proto__x query.unknown']],
])('names what is wrong with %j', (query, problems) => expect(read(query)).toEqual(problems))
