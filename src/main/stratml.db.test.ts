/** StratML in and out: complete after a round trip, valid against its schemas, and faults in untrusted files reported by line. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { contentSource, type Format, hashOf, type Scope, writeContent } from '#platform/exchange/index.ts'
import { inWords, type Report, runImport } from '#platform/imports/index.ts'
import { cityData, type ImportHouse, openImportHouse } from '#test/kit/imports.ts'
import { exchange } from './modules.ts'

const stratml = exchange.formats.find((format) => format.name === 'stratml') as Format
const folder = join(cityData, 'strategy/stratml')
const missing = existsSync(folder) ? false : 'the StratML files and schemas are not beside the repository'
const schemas = {
  1: 'StrategicPlanISOVersion20140401.xsd',
  2: 'PerformancePlanOrReport20160216.xsd',
  'draft of 2': 'PerformancePlanOrReportISODRAFTVersion20160506.xsd',
}

/** What the schema finds wrong; nothing where the document is valid. */
function faults(xml: string, schema: keyof typeof schemas): string[] {
  const xsd = XmlDocument.fromBuffer(readFileSync(join(folder, 'xsd', schemas[schema])))
  const validator = XsdValidator.fromDoc(xsd)
  const document = XmlDocument.fromString(xml)
  try {
    validator.validate(document)
    return []
  } catch (error) {
    return (error as { details: Array<{ message: string }> }).details.map(({ message }) => message)
  } finally {
    document.dispose()
    validator.dispose()
    xsd.dispose()
  }
}

async function* pieces(text: string | Buffer): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text)
  for (let at = 0; at < all.length; at += 4099) yield all.subarray(at, at + 4099)
}

async function bring(house: ImportHouse, file: AsyncIterable<Uint8Array>): Promise<Report> {
  const { report } = await runImport(house.ctx, {
    name: 'plan.xml',
    profile: null,
    format: 'stratml',
    open: () => contentSource(house.ctx, stratml, file, { publish: true }),
  })
  return inWords(report, house.app.registry.words.say('en'))
}

const wrong = (report: Report) => report.problems.filter((each) => each.severity !== 'warn').map((each) => each.message)

describe('a plan of ours', () => {
  let from: ImportHouse
  let plan: Scope
  const written = async (part: string): Promise<string> => {
    let text = ''
    const asked = { format: stratml, scope: plan, options: { part } }
    for await (const piece of writeContent(contextOf(from.app, systemCaller, 'en'), asked)) text += piece
    return text
  }
  beforeAll(async () => {
    from = await openImportHouse({ demo: true })
    const [row] = await from.rows<{ id: string }>(
      `select id from records.record where kind = 'strategy.plan' order by code limit 1`,
    )
    plan = { of: 'root', kind: 'strategy.plan', id: row!.id }
  })
  afterAll(() => from.close())

  test.each(['1', '2'])('comes back whole from Part %s, and a second time changes nothing', async (part) => {
    const into = await openImportHouse()
    try {
      const text = await written(part)
      const report = await bring(into, pieces(text))
      expect(report.problems).toEqual([])
      expect(await hashOf(into.ctx, plan)).toBe(await hashOf(from.ctx, plan))
      expect(await bring(into, pieces(text))).toMatchObject({ created: 0, changed: 0, rejected: 0 })
    } finally {
      await into.close()
    }
  })

  test.skipIf(missing)('is valid against the schemas', async () => {
    expect(faults(await written('1'), 1)).toEqual([])
    const second = await written('2')
    expect(faults(second, 2)).toEqual([])
    expect(faults(second, 'draft of 2')).toEqual([])
    expect(second.match(/<PerformanceIndicator /g)!.length).toBeGreaterThan(20)
    expect(second.match(/<ActualResult>/g)!.length).toBeGreaterThan(500)
  })

  test('takes up what another program changed in its elements', async () => {
    const into = await openImportHouse()
    try {
      const text = await written('2')
      const name = /<Goal>.*?<Name>(.*?)<\/Name>/.exec(text)![1]!
      await bring(into, pieces(text.replace(`<Name>${name}</Name>`, '<Name>Renamed elsewhere</Name>')))
      const found = await into.rows<{ title: Record<string, string> }>(
        `select title from records.record where title->>'en' = 'Renamed elsewhere'`,
      )
      expect(found).toHaveLength(1)
      expect(found[0]!.title['zh-Hans']).toMatch(/\p{Script=Han}/u)
    } finally {
      await into.close()
    }
  })
})

describe.skipIf(missing)('the files that others wrote', () => {
  let house: ImportHouse
  beforeAll(async () => {
    house = await openImportHouse()
  })
  afterAll(() => house.close())
  const read = (name: string) => readFileSync(join(folder, name))
  const count = async (kind: string) =>
    Number((await house.rows<{ n: string }>(`select count(*) as n from records.record where kind = $1`, [kind]))[0]!.n)

  test('Part 1 comes in: a plan, its vision, its goals and objectives', async () => {
    const file = read('part1-white-house-office-of-american-innovation.xml')
    const text = file.toString()
    const report = await bring(house, pieces(file))
    expect(wrong(report)).toEqual([])
    const named = (tag: string) => text.match(new RegExp(`<${tag}>`, 'g'))!.length
    expect(await count('strategy.objective')).toBe(named('Goal') + named('Objective'))
    expect(await count('strategy.plan')).toBe(1)
    const [plan] = await house.rows<Record<string, unknown>>(`select "from", levels, summary from strategy.plan`)
    expect(plan).toMatchObject({ from: '2017-03-27', levels: [{ en: 'Goal' }, { en: 'Objective' }] })
    expect(JSON.stringify(plan!.summary)).toContain('To implement policies and scale proven private-sector models')
    expect(await count('strategy.sentence')).toBe(1)
    // People named as stakeholders are not part of a plan; organisations are.
    const texts = JSON.stringify(await house.rows(`select description from strategy.objective`))
    expect(texts).toContain('Thought Leaders')
    expect(texts).not.toContain('Kushner')
    expect(report.problems.some((each) => /Stakeholder/.test(each.message))).toBe(true)
    expect(await bring(house, pieces(file))).toMatchObject({ created: 0, changed: 0 })
  })

  test('Part 2 does not validate; it is read, and what is wrong with it is named', async () => {
    const file = read('part2-smlc-2011-performance-report.xml')
    expect(faults(file.toString(), 2).length).toBeGreaterThan(0)
    const before = await count('strategy.objective')
    const report = await bring(house, pieces(file))
    expect(wrong(report)).toEqual([])
    expect((await count('strategy.objective')) - before).toBe(13)
    expect(await count('indicators.indicator')).toBe(11)
    const rows = await house.rows(`select value, "from", "to" from indicators.measurement order by value::numeric`)
    expect(rows.length).toBeGreaterThan(3)
    expect(rows).toContainEqual(expect.objectContaining({ value: '829' }))
    const reported = report.problems.map((each) => each.message).join('\n')
    expect(reported).toMatch(/“FirstName” in “Submitter” is not part of StratML/)
    expect(reported).toMatch(/“Identifier” stands|“MeasurementDimension” stands/)
    expect(reported).toMatch(/an attribute “IndicatorType”/)
    expect(reported).toMatch(/identifier “8c60e70d-55b5-4ee6-9db3-3a0e202179f2” is used more than once/)
  })

  test('every text of theirs is kept somewhere, or named', async () => {
    const kept = JSON.stringify([
      await house.rows(`select title from records.record`),
      await house.rows(`select description from strategy.objective`),
      await house.rows(`select summary from strategy.plan`),
      await house.rows(`select definition from indicators.indicator`),
      await house.rows(`select note, value from indicators.measurement`),
    ])
    const text = read('part2-smlc-2011-performance-report.xml').toString()
    for (const [, description] of text.matchAll(/<stratml:(?:Target|Actual)Result><stratml:Description>([^<]+)</g))
      expect(kept).toContain(JSON.stringify(description!.trim()).slice(1, -1).replaceAll('&amp;', '&'))
  })
})

describe('untrusted files', () => {
  let house: ImportHouse
  beforeAll(async () => {
    house = await openImportHouse()
  })
  afterAll(() => house.close())
  const core = 'urn:ISO:std:iso:17469:tech:xsd:stratml_core'
  const around = (inside: string) =>
    `<StrategicPlan xmlns="${core}"><Name>P</Name><StrategicPlanCore>${inside}</StrategicPlanCore></StrategicPlan>`
  const goal = '<Goal><Name>G</Name><Description/></Goal>'

  async function* endless(start: string, piece: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(start)
    const block = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)))
    for (let sent = 0; sent < 2_000_000_000; sent += block.length) yield block
  }

  const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n || ''};`.repeat(10)}">`).join('')}]>${around('<Goal><Name>&lol9;</Name></Goal>')}`
  test.each([
    ['a billion laughs', pieces(laughs), 'import.file-doctype'],
    [
      'an entity of another file',
      pieces(`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${around('<Goal><Name>&x;</Name></Goal>')}`),
      'import.file-doctype',
    ],
    ['a document type that never ends', endless('<!DOCTYPE a [', '<!ENTITY a "b">'), 'import.file-part-too-large'],
    ['an entity nobody declared', pieces(around('<Goal><Name>&nobody;</Name></Goal>')), 'import.file-xml'],
    [
      'elements inside elements without end',
      endless(`<StrategicPlan xmlns="${core}">`, '<Goal>'),
      'import.file-too-deep',
    ],
    ['a text without end', endless(`<StrategicPlan xmlns="${core}"><Name>`, 'abc '), 'import.file-part-too-large'],
    ['a comment without end', endless('<!-- ', '<a> '), 'import.file-part-too-large'],
    ['attributes without end', endless(`<StrategicPlan xmlns="${core}"`, ' a="b"'), 'import.file-part-too-large'],
    ['a file that breaks off', pieces(around(goal).slice(0, -20)), 'import.file-truncated'],
    [
      'an older dialect',
      pieces('<StrategicPlan xmlns="http://www.stratml.net"><Name>P</Name></StrategicPlan>'),
      'import.file-unknown-dialect',
    ],
    ['another language of XML', pieces('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'import.file-unknown-dialect'],
    ['bytes that are no text', pieces(Buffer.from([0x3c, 0x61, 0xff, 0xfe, 0x80])), 'import.file-encoding'],
    [
      'a vision in a language that is none, and marks that are none',
      pieces(
        `<?xml version="1.0"?><StrategicPlan xmlns="${core}"><?commonweal-head {"language":"not a language"}?><Name>P</Name><StrategicPlanCore><Vision><Description>A. B.</Description></Vision><Goal><?commonweal-rest {"id":5,"title":7}?><Name>G</Name></Goal></StrategicPlanCore><Broken`,
      ),
      'import.file-truncated',
    ],
    ['damage in what we wrote', pieces(around(`<?commonweal-item {"kind":?>${goal}`)), 'import.file-bad-extension'],
  ])('%s ends in one named line, and nothing is taken', async (_name, file, code) => {
    const before = process.memoryUsage().heapUsed
    const { report } = await runImport(house.ctx, {
      name: 'hostile.xml',
      profile: null,
      format: 'stratml',
      open: () => contentSource(house.ctx, stratml, file, { publish: true }),
    })
    expect(report.problems.map((each) => each.code)).toContain(code)
    expect(report).toMatchObject({ refused: 'stopped', created: 0, changed: 0, changeSet: null })
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000)
  })

  test('elements that are called like a method of every object are passed over and named', async () => {
    const inside =
      '<Goal><Name>Kept</Name><toString>a</toString><constructor>b</constructor><__proto__>c</__proto__></Goal>'
    const report = await runImport(house.ctx, {
      name: 'names.xml',
      profile: null,
      format: 'stratml',
      open: () => contentSource(house.ctx, stratml, pieces(around(inside)), { publish: true }),
    })
    expect(report.report.refused).toBe(null)
    expect(report.report.created).toBeGreaterThan(0)
  })
})
