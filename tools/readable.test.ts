import { expect, test } from 'vitest'
import { readsPastTheGate, tablesOfRecords, unrestrictedReads } from './readable.ts'

const tables = new Set(['records.record', 'strategy.outcome', 'identity.grant', 'indicators.measurement'])
const file = 'src/modules/alpha/queries.ts'
/** What is refused in a file, each with its line: '2 "strategy.outcome"'. */
const refusedIn = (text: string) =>
  readsPastTheGate([{ file, text }], tables).map(({ line, what }) => `${line} ${what.split(': ')[0]}`)
const dollar = '$'

// Each of these would read what the caller may not, and somebody will write it without noticing.
const planted: Array<[string, string, string[]]> = [
  ['a table after from', 'sql`select id from strategy.outcome where plan = 1`', ['1 "strategy.outcome"']],
  [
    'the records themselves after join',
    'sql`select 1 from x join records.record r on r.id = x.id`',
    ['1 "records.record"'],
  ],
  ['over several lines', 'sql<Row>`\n  select r.id\n  from\n    records.record\n    r`', ['4 "records.record"']],
  ['a name cut by a line', 'sql`select 1 from records\n  . record r`', ['1 "records.record"']],
  ['a quoted table', 'sql`select body from identity."grant" g`', ['1 "identity.grant"']],
  ['a quoted schema, in capitals', 'sql`SELECT 1 FROM "strategy".OUTCOME o`', ['1 "strategy.outcome"']],
  ['behind a comma', 'sql`select 1 from records.link l, records.record r`', ['1 "records.record"']],
  [
    'inside what is filled in',
    `sql\`select 1 where ${dollar}{sql\`exists (select 1 from strategy.outcome)\`}\``,
    ['1 "strategy.outcome"'],
  ],
  ['as a fragment of its own', 'const tables = sql`records.record r`', ['1 "records.record"']],
  [
    'with the name of the table filled in',
    `sql\`select 1 from strategy.${dollar}{sql.id(name)} t\``,
    ['1 a table of "strategy" whose name is filled in'],
  ],
  [
    'by an identifier',
    `sql\`select 1 from ${dollar}{sql.id('strategy', 'outcome')} t\``,
    ['1 a table that is made up here', "1 sql.id('strategy', 'outcome')"],
  ],
  [
    'by an identifier of any kind',
    'const table = sql.id(schemaOf(kind), nameOf(kind))',
    ['1 sql.id(schemaOf(kind), nameOf(kind))'],
  ],
  ['by raw text', 'const table = sql.raw("records.record")', ['1 "records.record"']],
  [
    'by raw text under a name',
    `const where = 'records.record r'\nsql\`select 1 from x, ${dollar}{sql.raw(where)}\``,
    ['1 "records.record"'],
  ],
  [
    'by raw text from a list',
    "const of = { a: 'strategy.outcome o', b: 'x' }\nconst relation = sql.raw(of[name])",
    ['1 "strategy.outcome"'],
  ],
  ['by raw text from elsewhere', 'const of = (name: string) => sql.raw(name)', ['1 sql.raw of text from elsewhere']],
  ['by a name put together', "sql.raw('records.' + 'record')", ['1 "records.record"']],
  [
    'by a name put together with something else',
    "sql.raw('strategy.' + name + ' o')",
    ['1 a table of "strategy" whose name is filled in'],
  ],
  ['by a statement put together', "pool.query('select id from ' + 'records.record r')", ['1 "records.record"']],
  ['by a filled statement', `pool.query(\`select id from strategy.${dollar}{name}\`)`, ['1 "strategy."']],
  [
    'by the table of the platform',
    "import { tableOf } from '#platform/records/index.ts'",
    ['1 tableOf of the platform'],
  ],
  [
    'by the query builder',
    "db.selectFrom('records.record as r').innerJoin('strategy.outcome as o', 'o.id', 'r.id')",
    ['1 "strategy.outcome"', '1 "records.record"'],
  ],
  ['by the pool', "pool.query('select id from records.record')", ['1 "records.record"']],
  ['rows of a record', 'sql`select * from indicators.measurement where record = 1`', ['1 "indicators.measurement"']],
  ['written behind the gate', 'sql`delete from indicators.measurement`', ['1 "indicators.measurement"']],
  ['in a statement that writes', 'sql`delete from s using records.record r`', ['1 "records.record"']],
  [
    'a condition by hand',
    `sql\`select 1 from ${dollar}{readable(ctx, kind)} r where r."retiredAt" is null\``,
    ['1 "retiredAt" is null'],
  ],
  ['leave by hand', 'const condition = ctx.policies.visible(ctx.caller)', ['1 policies.visible']],
  ['leave taken apart', 'const { visible } = ctx.policies', ['1 policies.visible']],
  ['the house without a word', "import { systemCaller } from '#platform/caller.ts'", ['1 systemCaller']],
  ['no reason', "readable(unrestricted('because'), kind)", ['1 unrestricted']],
  ['a reason that is made up elsewhere', 'readable(unrestricted(why), kind)', ['1 unrestricted']],
]
test.each(planted)('a read past the gate is found: %s', (_name, text, expected) => {
  expect(refusedIn(text)).toEqual(expected)
})

const innocent: Array<[string, string]> = [
  [
    'a readable relation',
    `sql\`select o.id from ${dollar}{readable(ctx, 'strategy.outcome')} o join ${dollar}{readableRecords(ctx)} r on r.id = o.plan\``,
  ],
  [
    'a derived table beside one',
    `sql\`select 1 from indicators.performance p join ${dollar}{readableRecords(ctx)} r on r.id = p.indicator\``,
  ],
  ['links and entries', 'sql`select 1 from records.link l join records.entry e on e.record = l."from"`'],
  [
    'names of kinds and links in values',
    `sql\`select 1 from records.link l where l.name = 'strategy.outcome.answers' and l.kind = 'strategy.outcome'\``,
  ],
  ['names in comments of SQL', 'sql`select 1 -- as records.record has it\n from x /* not strategy.outcome */`'],
  ['names of kinds outside SQL', "read(ctx, 'strategy.outcome').linkedFrom('strategy.outcome.answers')"],
  ['columns by an alias', 'sql`select r.record, record.id from x r`'],
  ['words about records', "const text = 'what leads from strategy to outcome'"],
  ['writing a derived table', 'sql`insert into indicators.performance (id) values (1)`'],
  ['a table with a longer name', 'sql`select 1 from strategy.outcomes`'],
  ['asking for retired ones', `sql\`select 1 from ${dollar}{all} r where r."retiredAt" is not null\``],
  ['one identifier', `sql\`select r.${dollar}{sql.id(name)} from x r\``],
]
test.each(innocent)('what is in order passes: %s', (_name, text) => {
  expect(refusedIn(text)).toEqual([])
})

test('reads of the house are listed with their reasons', () => {
  const text =
    "\nconst house = unrestricted('sign-in comes before a caller')\nread(unrestricted('the name of the city is public', ctx))"
  expect(unrestrictedReads([{ file, text }])).toEqual([
    { file, line: 2, what: 'sign-in comes before a caller' },
    { file, line: 3, what: 'the name of the city is public' },
  ])
})

test('the tables are those that the rooms declare, rows among them', async () => {
  const found = await tablesOfRecords()
  for (const table of ['records.record', 'strategy.outcome', 'identity.grant', 'directory.holding', 'benefits.claim'])
    expect(found).toContain(table)
  expect(found).not.toContain('indicators.performance')
})
