/** The room of the guide in a running house: what the guide says follows from it is there, and works without JavaScript. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { wordKeysOf } from '#kernel/projections/fieldset.ts'
import { languages } from '#kernel/words.ts'
import { contentSource, jsonFormat, writeContent } from '#platform/exchange/index.ts'
import { inWords, runImport } from '#platform/imports/index.ts'
import type { Manifest } from '#platform/module.ts'
import { formIn, linksIn, textOf } from '#test/kit/pages.ts'
import { administrator, owner } from '#test/kit/people.ts'
import { made, mistakesIn } from '#test/kit/record-pages.ts'
import type { Browser } from '#test/kit/visitors.ts'
import { openWiderHouse, type WiderHouse } from '#test/kit/wider-house.ts'
import { drift } from '../../src/platform/db/drift.ts'
import { trees } from './trees/module.ts'
import { panels } from './trees/panel/pages-panels.ts'
import panelEn from './trees/panel/words/en.json' with { type: 'json' }
import panelZhHans from './trees/panel/words/zh-Hans.json' with { type: 'json' }

const room: Manifest = {
  ...trees,
  panels,
  words: {
    en: { ...trees.words.en, ...panelEn },
    'zh-Hans': { ...trees.words['zh-Hans'], ...panelZhHans },
  },
}

let house: WiderHouse
let admin: Browser
beforeAll(async () => {
  house = await openWiderHouse([room])
  admin = await house.signedIn(administrator)
})
afterAll(() => house?.close())

const rows = async <Row>(text: string): Promise<Row[]> => (await house.app.database.pool.query(text)).rows as Row[]
/** A page that is there and says everything in words. */
async function open(address: string, browser = admin): Promise<string> {
  const { status, text } = await browser.get(address)
  expect([address, status, text.match(/\[(?:\w+\.)+[\w-]+\]/g)]).toEqual([address, 200, null])
  return text
}
const filled = (html: string, action: string): Record<string, string> =>
  Object.fromEntries(Object.entries(formIn(html, action)).map(([name, values]) => [name, values.at(-1)!]))
/** Fills in the form of a page and answers with what came back. */
const send = async (address: string, values: Record<string, string>) =>
  admin.post(address, { ...filled(await open(address), address), ...values })
const lime = '/trees/trees/TRE-0001'
const inspection = '/trees/inspections/TIN-0001'

test('the migration holds what the declarations say, and no word is missing', async () => {
  const reported = await drift(house.app.database.kysely, house.app.registry)
  expect(reported.filter((each) => /trees/.test(each))).toEqual([])
  const { words } = house.app.registry
  const keys = room.kinds!.flatMap(wordKeysOf)
  const steps = room.verbs!.map(({ kind, name }) => `${kind}.verb.${name}`)
  for (const language of languages)
    expect(
      [...keys, ...steps].filter((key) => !words.has(language, key)),
      language,
    ).toEqual([])
  expect(Object.keys(room.words.en).toSorted()).toEqual(Object.keys(room.words['zh-Hans']).toSorted())
})

test('the demo city has a tree, with its link, its rows and its panel on the page of the outcome', async () => {
  expect(textOf(await open('/trees/trees'))).toContain('The lime at the old lock')
  const page = await open(lime)
  const outcome = linksIn(page).find((href) => href.startsWith('/strategy/outcomes/OUT-'))!
  const panel = (await open(outcome)).split('id="trees"')[1]!.split('</section>')[0]!
  expect(textOf(`<h2 id="trees"${panel}`)).toContain('One tree serves this outcome.')
  expect(linksIn(panel)).toEqual([lime])
})

test('a tree is made by its form and planted by its verb, which asks for what is missing and writes the day', async () => {
  const [post] = await rows<{ id: string; organisation: string }>(
    `select id, organisation from records.record where kind = 'directory.post' order by code limit 1`,
  )
  const bad = await send('/trees/trees/new', { 'title.en': 'An oak', species: '' })
  expect([bad.status, mistakesIn(bad.text)]).toEqual([422, expect.stringContaining('Species')])
  const answer = await send('/trees/trees/new', { 'title.en': 'An oak', species: 'Quercus robur' })
  expect(answer.status).toBe(303)
  const oak = answer.location!
  const plant = (more: Record<string, string>) => send(oak, { do: 'plant', ...more })
  const asked = await plant({})
  expect([asked.status, mistakesIn(asked.text)]).toEqual([422, expect.stringContaining('Serves')])
  const [outcome] = await rows<{ id: string }>(
    `select id from records.record where kind = 'strategy.outcome' order by code limit 1`,
  )
  const planted = await plant({
    owner: post!.id,
    organisation: post!.organisation,
    'rows.serves': '1',
    'links.serves.0.to': outcome!.id,
  })
  expect([mistakesIn(planted.text), planted.status]).toEqual(['', 303])
  const [stored] = await rows<{ state: string; today: boolean }>(
    `select r.state, t."plantedOn" between current_date - 1 and current_date + 1 as today
     from records.record r join trees.tree t on t.id = r.id where r.code = '${made(oak)}'`,
  )
  expect(stored).toEqual({ state: 'standing', today: true })
})

test('the list is a table, a board and a calendar', async () => {
  const table = await open('/trees/inspections')
  expect(linksIn(table)).toContain(inspection)
  expect(linksIn(table).some((href) => href.includes('as=board'))).toBe(true)
  const board = await open('/trees/inspections?as=board')
  expect([textOf(board).includes('After the storm'), linksIn(board).includes(inspection)]).toEqual([true, true])
  const [due] = await rows<{ month: string }>(`select to_char("dueOn", 'YYYY-MM') as month from trees.inspection`)
  expect(linksIn(await open(`/trees/inspections?as=calendar&month=${due!.month}`))).toContain(inspection)
  expect(linksIn(await open('/trees/inspections?verdict=fell'))).not.toContain(inspection)
})

test('trees stand on a map, because they have a place', async () => {
  expect(linksIn(await open('/trees/trees'))).toContain('/trees/trees?as=map')
  const map = await open('/trees/trees?as=map')
  expect(map).toMatch(/<svg class="cw-places-drawing"[\s\S]*<a href="\/trees\/trees\/TRE-0001" aria-label="The lime/)
  // The oak of the form has none; it is counted and one link away.
  const without = linksIn(map).find((href) => href.includes('place=none'))!
  expect([
    textOf(map).includes('1 without a place'),
    linksIn(await open(without)).some((href) => href.endsWith('TRE-0002')),
  ]).toEqual([true, true])
})

test('the rows have a form, which offers today and names the line that is wrong', async () => {
  const address = `${lime}/rows/girth`
  const form = filled(await open(address), address)
  expect(Object.values(form)).toContain('34.5')
  const line = Object.keys(form)
    .find((name) => /^\d+\.centimetres$/.test(name) && form[name] === '')!
    .split('.')[0]!
  expect(form[`${line}.on`]).toMatch(/^\d{4}-\d\d-\d\d$/)
  const bad = await send(address, { [`${line}.centimetres`]: 'thick' })
  expect([bad.status, mistakesIn(bad.text)]).toEqual([422, expect.stringContaining('thick')])
  expect((await send(address, { [`${line}.centimetres`]: '36' })).status).toBe(303)
  const measured = await rows<{ centimetres: string }>('select centimetres::text from trees.girth order by "on"')
  expect(measured.map(({ centimetres }) => centimetres)).toEqual(['34.5', '36'])
})

test('whoever answers for the tree finds the overdue inspection in their work, with its act; another does not', async () => {
  await house.refreshFindings()
  const work = await open('/work', await house.signedIn(owner))
  expect(textOf(work)).toContain('It was to be held by')
  expect(linksIn(work).some((href) => href.startsWith(inspection))).toBe(true)
  expect(textOf(await open('/work', await house.signedIn('louisa')))).not.toContain('After the storm')
  expect(linksIn(await open('/trees/findings'))).toContain(inspection)
})

test('a tree goes with its link and rows from one house to another', async () => {
  let text = ''
  for await (const piece of writeContent(house.ctx(), { format: jsonFormat, scope: { of: 'all' } })) text += piece
  const other = await openWiderHouse([room], { demo: false })
  try {
    const bytes = async function* () {
      yield Buffer.from(text)
    }
    const { report } = await runImport(other.ctx(), {
      ...{ name: 'content.json', profile: null, format: jsonFormat.name },
      open: () => contentSource(other.ctx(), jsonFormat, bytes(), { publish: true }),
    })
    expect(inWords(report, other.app.registry.words.say('en')).problems).toEqual([])
    const stored = async ({ app }: WiderHouse) =>
      (
        await app.database.pool.query(
          `select r.state, l.name, (select count(*) from trees.girth g where g.record = r.id) as rows
           from records.record r left join records.link l on l."from" = r.id
           where r.kind = 'trees.tree' order by r.code, l.id`,
        )
      ).rows
    expect(await stored(other)).toEqual(await stored(house))
    expect((await stored(other))[0]).toMatchObject({ state: 'standing', name: 'trees.tree.serves' })
  } finally {
    await other.close()
  }
})

test('a tree is felled only after a verdict, and a post that cares for trees is not abolished', async () => {
  const fell = () => send(lime, { do: 'fell', 'reason.en': 'Hollow' })
  const refused = await fell()
  expect([refused.status, textOf(refused.text)]).toEqual([422, expect.stringContaining('Hold one first')])
  const [post] = await rows<{ code: string }>(
    `select p.code from records.record p join records.record t on t.owner = p.id where t.code = 'TRE-0001'`,
  )
  const held = await send(`/directory/posts/${post!.code}`, { do: 'abolish' })
  expect([held.status, textOf(held.text)]).toEqual([422, expect.stringContaining('cared for by this post')])
  expect((await send(inspection, { do: 'hold', verdict: 'fell' })).status).toBe(303)
  await house.refreshFindings()
  expect(textOf(await open('/work', await house.signedIn(owner)))).not.toContain('It was to be held by')
  expect((await fell()).status).toBe(303)
  const tree = linksIn(await open(inspection)).find((href) => href === lime)
  expect(tree).toBe(lime)
  const late = await send('/trees/inspections/new', { 'title.en': 'Again', tree: 'TRE-0001', dueOn: '2030-01-01' })
  expect([late.status, mistakesIn(late.text)]).toEqual([422, expect.stringContaining('was felled')])
})
