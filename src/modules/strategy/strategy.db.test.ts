import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Language } from '#kernel/words.ts'
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import { type AppContext, noExchange } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import { publishDue, sealAll, undo } from '#platform/records/index.ts'
import { formOfActs, leftIn, openActs, postActs } from '#test/kit/acts.ts'
import { type Core, openCore, problemOf, sample, someone } from '#test/kit/core.ts'
import { relink, writeVersion } from './actions-vision.ts'
import { headlineCards } from './pages-headlines.ts'
import { type FindingName, waitingRecords } from './queries-findings.ts'
import { frames } from './queries-frame.ts'
import { categoriesOf } from './queries-outcome.ts'
import { objectivesWithoutOutcome, planTree } from './queries-plan.ts'
import { looseEnds, sentencesOf, visionAt, visionVersions } from './queries-vision.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

const asApp = (caller: Caller = systemCaller, language: Language = 'en'): AppContext => ({
  ...core.as(caller),
  language,
  database: core.database,
  city: { name: { en: 'City' }, timeZone: 'UTC', language: 'en', demo: false },
  exchange: noExchange,
  figures: [],
  people: noPeople,
  send: async () => null,
})
const leaderOf = (...organisations: string[]) => someone({ grants: [{ role: 'leader', organisations }] })
const linkTo = (name: string, ...ids: string[]) => ({ links: { [name]: ids.map((to) => ({ to })) } })
const body = (name: string) => core.make('directory.organisation', sample.organisation(name))
const publish = (...records: Array<{ kind: string; id: string }>) =>
  core.write(records.map((record) => ({ ...record, action: 'publish' })))

describe('grouping objectives under an outcome', () => {
  test('writes the outcome and joins the objectives in one change set, and undo takes both back', async () => {
    const plan = await core.make('strategy.plan', { title: 'Imported', levels: [{ en: 'Goal' }] })
    const [bins, parks, under] = [
      await core.make('strategy.objective', { title: 'Empty the bins', level: 1, plan }),
      await core.make('strategy.objective', { title: 'Keep the parks', level: 1, plan }),
      await core.make('strategy.objective', { title: 'Plant trees', level: 2, plan }),
    ]
    await core.write([{ kind: 'strategy.objective', action: 'change', id: under!, values: linkTo('under', parks!) }])
    const loose = () => objectivesWithoutOutcome(asApp(), plan)
    expect((await loose()).map((each) => [each.id, each.below])).toEqual([
      [bins, 0],
      [parks, 1],
    ])

    const { code } = (await core.rows<{ code: string }>('select code from records.record where id = $1', [plan]))[0]!
    const address = `/strategy/group?plan=${code}`
    const first = await openActs(asApp(), address)
    expect(first.form!.rows.map((row) => row.id)).toEqual([bins, parks])
    const lacking = (await postActs(asApp(), address, formOfActs(first))) as typeof first
    expect(lacking.form!.mistakes).toHaveLength(1)
    const outcome = { 'title.en': 'A tidy city', rule: 'some', ruleCount: '2' }
    const looked = (await postActs(asApp(), address, { ...formOfActs(first), ...outcome })) as typeof first
    expect((await planTree(asApp(), plan)).outcomes).toEqual([])
    const done = await postActs(asApp(), address, { ...formOfActs(looked), ...outcome })
    const tree = await planTree(asApp(), plan)
    expect(tree.outcomes.map((each) => [each.rule, each.ruleCount])).toEqual([['some', 2]])
    expect(await loose()).toEqual([])

    const changeSet = new URL((done as { redirect: string }).redirect, 'http://city.test').searchParams.get('done')!
    await postActs(asApp(), address, { undo: changeSet })
    expect((await loose()).map((each) => each.id)).toEqual([bins, parks])
    expect((await planTree(asApp(), plan)).outcomes).toEqual([])
  })

  test('adds to an outcome that is there without taking an objective away from another', async () => {
    const [one, other] = [
      await core.make('strategy.outcome', { title: 'One' }),
      await core.make('strategy.outcome', { title: 'Other' }),
    ]
    const shared = await core.make('strategy.objective', {
      title: 'Shared',
      level: 1,
      ...linkTo('contributesTo', one!),
    })
    const to = { 'rows.links.contributesTo': '1', 'links.contributesTo.0.to': other! }
    const first = await postActs(asApp(), '/strategy/group', { records: [shared] })
    const looked = await postActs(asApp(), '/strategy/group', { ...formOfActs(first as never), ...to })
    await postActs(asApp(), '/strategy/group', { ...formOfActs(looked as never), ...to })
    const rows = await core.rows<{ to: string }>('select "to" from records.link where "from" = $1', [shared])
    expect(rows.map((row) => row.to).sort()).toEqual([one, other].sort())
  })
})

const version = (label: string, sentences: ReadonlyArray<[string, string | null]>, more = {}) => ({
  title: { en: 'Our city' },
  label,
  plan: null,
  organisation: null,
  adoptedOn: '2026-01-01',
  reviewOn: null,
  sentences: sentences.map(([en, replaces]) => ({ text: { en }, replaces })),
  adopt: true,
  why: null,
  ...more,
})

describe('a new version of the vision', () => {
  test('takes the place of the old one, keeps its addresses, and moves no outcome by itself', async () => {
    const first = await core.writing((ctx) =>
      writeVersion(
        ctx,
        version('1', [
          ['Clean air.', null],
          ['Homes.', null],
        ]),
      ),
    )
    const [air, homes] = await sentencesOf(core.as(), first.vision)
    const breathing = await core.make('strategy.outcome', {
      title: 'Breathing',
      ...linkTo('answers', air!.id, homes!.id),
    })

    const second = await core.writing((ctx) =>
      writeVersion(
        ctx,
        version('2', [
          ['Warm homes for all.', homes!.id],
          ['Clean air.', air!.id],
          ['Work.', null],
        ]),
      ),
    )
    const [now] = await visionVersions(core.as())
    expect(now).toMatchObject({ id: second.vision, state: 'adopted', versionLabel: '2' })
    const fresh = await sentencesOf(core.as(), second.vision)
    expect(fresh.map((each) => each.replaces?.code ?? null)).toEqual([homes!.code, air!.code, null])
    const old = await visionAt(asApp(), first.code)
    expect(old!.sentences.map((each) => [each.code, each.state, each.replacedBy?.code])).toEqual([
      [air!.code, 'replaced', fresh[1]!.code],
      [homes!.code, 'replaced', fresh[0]!.code],
    ])
    expect(old!.answers.map((each) => each.id)).toContain(breathing)
    expect((await visionAt(asApp()))!.answers).toEqual([])

    const loose = (await looseEnds(core.as())).filter((each) => each.outcome === breathing)
    const shownTo = (audience: string) =>
      core.rows('update records.record set audience = $2 where id = $1', [breathing, audience])
    await shownTo('public')
    expect((await looseEnds(core.as(nobody))).filter((each) => each.outcome === breathing)).toEqual([])
    await shownTo('organisation')
    expect(loose.map((each) => [each.sentence.id, each.sentence.replacedBy])).toEqual([
      [air!.id, fresh[1]!.id],
      [homes!.id, fresh[0]!.id],
    ])
    await core.writing((ctx) => relink(ctx, [{ outcome: breathing, from: air!.id, to: fresh[1]!.id }]))
    expect((await visionAt(asApp()))!.answers.map((each) => each.sentence)).toEqual([fresh[1]!.id])
    const left = (await looseEnds(core.as())).filter((each) => each.outcome === breathing)
    expect(left.map((each) => each.sentence.id)).toEqual([homes!.id])

    await core.writing((ctx) => relink(ctx, [{ outcome: breathing, from: homes!.id, to: null }]))
    expect((await looseEnds(core.as())).filter((each) => each.outcome === breathing)).toEqual([])
  })

  test('as a draft changes nothing until it is put in force, and undo of that brings the old one back', async () => {
    const before = (await visionVersions(core.as()))[0]!
    const [first] = await sentencesOf(core.as(), before.id)
    const draft = await core.writing((ctx) =>
      writeVersion(ctx, version('draft', [['Something else.', first!.id]], { adopt: false, adoptedOn: null })),
    )
    expect((await visionVersions(core.as()))[0]!.id).toBe(before.id)
    const { changeSet } = await core.write([
      { kind: 'strategy.vision', id: draft.vision, action: 'adopt', values: { adoptedOn: '2026-06-01' } },
    ])
    expect((await visionVersions(core.as()))[0]).toMatchObject({ id: draft.vision, adoptedOn: '2026-06-01' })
    await core.writing((ctx) => undo(ctx, changeSet!, { mode: 'possible', source: 'page' }))
    expect((await visionVersions(core.as()))[0]!.id).toBe(before.id)
    expect((await sentencesOf(core.as(), before.id))[0]!.state).toBe('standing')
  })

  test('is refused to somebody who may not put a vision in force', async () => {
    const analyst = someone({ grants: [{ role: 'analyst', organisations: null }] })
    const refused = core.writing((ctx) => writeVersion(ctx, version('9', [['Mine.', null]])), analyst)
    expect((await problemOf(refused)).kind).toBe('NotAllowed')
    const { fields } = await problemOf(
      core.writing((ctx) => writeVersion(ctx, version('9', [['Mine.', null]], { adoptedOn: null }))),
    )
    expect(fields[0]!.at).toBe('/adoptedOn')
  })
})

describe('publishing with everything below', () => {
  test('tells beforehand what stays and why, then publishes the rest in one act', async () => {
    const parks = await body('Parks')
    const plan = await core.make('strategy.plan', {
      title: { en: 'Plan', 'zh-Hans': '规划' },
      levels: [{ en: 'Goal' }],
      from: '2026-01-01',
      to: '2030-01-01',
      organisation: parks,
    })
    await core.write([{ kind: 'strategy.plan', action: 'adopt', id: plan }])
    const whole = await core.make(
      'strategy.outcome',
      { title: { en: 'Green', 'zh-Hans': '绿' }, plan, rule: 'all', organisation: parks },
      { state: 'agreed' },
    )
    const oneLanguage = await core.make(
      'strategy.objective',
      { title: 'Trees', level: 1, plan, organisation: parks, ...linkTo('contributesTo', whole) },
      { state: 'agreed' },
    )
    const draft = await core.make('strategy.objective', { title: 'Later', level: 1, plan, organisation: parks })
    const indicator = await core.make(
      'indicators.indicator',
      {
        title: { en: 'Number of trees', 'zh-Hans': '树木数' },
        direction: 'up',
        grain: 'year',
        organisation: parks,
        ...linkTo('measures', oneLanguage),
      },
      { state: 'agreed' },
    )
    const codes = async (...ids: string[]) =>
      (
        await core.rows<{ code: string }>(
          'select code from records.record where id = any($1::uuid[]) order by array_position($1::uuid[], id)',
          [ids],
        )
      ).map(({ code }) => code)
    const [root] = await codes(plan)
    const address = `/strategy/publish?of=${root}&act=publish`
    const first = await openActs(asApp(), address)
    expect(first.form!.rows.map(({ id }) => id).sort()).toEqual([plan, whole, oneLanguage, indicator].sort())
    expect(Object.values(leftIn(first))).toEqual([await codes(draft)])

    const elsewhere = leaderOf(await body('Elsewhere'))
    expect((await openActs(asApp(elsewhere), address)).form).toBeUndefined()
    const answers = { untranslated: 'false', why: 'council of 3 March' }
    const looked = (await postActs(asApp(), address, {
      ...formOfActs(first),
      step: 'look',
      ...answers,
    })) as typeof first
    expect(Object.values(leftIn(looked)).flat().sort()).toEqual((await codes(oneLanguage, draft)).sort())
    const done = (await postActs(asApp(), address, { ...formOfActs(looked), ...answers })) as typeof first
    expect(done.done).toMatchObject({ count: 3, left: 2 })
    const after = await openActs(asApp(), address)
    expect(after.form!.rows.map(({ id }) => id)).toEqual([oneLanguage])
    expect(
      Object.values(leftIn(after))
        .map((each) => each.length)
        .sort(),
    ).toEqual([1, 3])
    const seen = await planTree(asApp(nobody), plan)
    expect([seen.outcomes.map((each) => each.id), seen.objectives]).toEqual([[whole], []])
  })

  test('keeps what is approved to itself until the day has come', async () => {
    const parks = await body('Lakes')
    const outcome = await core.make(
      'strategy.outcome',
      { title: { en: 'Blue', 'zh-Hans': '蓝' }, rule: 'all', organisation: parks },
      { state: 'agreed' },
    )
    const leader = leaderOf(parks)
    const code = (await core.rows<{ code: string }>('select code from records.record where id = $1', [outcome]))[0]!
      .code
    const address = `/strategy/publish?of=${code}&act=publish`
    const first = await openActs(asApp(leader), address)
    const past = (await postActs(asApp(leader), address, { ...formOfActs(first), from: '2020-01-01' })) as typeof first
    expect(past.form!.mistakes.map(({ field }) => field)).toEqual(['field-from'])
    const done = await postActs(asApp(leader), address, { ...formOfActs(first), from: '2999-01-01' })
    expect((done as { redirect: string }).redirect).toContain('count=1')
    const again = await openActs(asApp(), address)
    expect([again.form!.rows, Object.values(leftIn(again))]).toEqual([[], [[code]]])
    const public_ = async () => (await headlineCards(asApp(nobody), 200)).some((card) => card.id === outcome)
    expect(await public_()).toBe(false)
    const { db: _, ...ctx } = core.as()
    await publishDue({ ...ctx, now: () => new Date('2999-01-02T00:00:00Z') }, core.database)
    expect(await public_()).toBe(true)
    await sealAll(core.database)
  })
})

describe('what nobody in particular sees', () => {
  test('is the published version with published outcomes only, and counts nothing else', async () => {
    const parks = await body('Squares')
    const made = await core.writing((ctx) =>
      writeVersion(
        ctx,
        version(
          'public',
          [
            ['Squares for all.', null],
            ['Quiet nights.', null],
          ],
          { organisation: parks },
        ),
      ),
    )
    const [squares] = await sentencesOf(core.as(), made.vision)
    const agreed = { rule: 'all', organisation: parks, ...linkTo('answers', squares!.id) }
    const shown = await core.make('strategy.outcome', { title: 'Shown', ...agreed }, { state: 'agreed' })
    await core.make('strategy.outcome', { title: 'Hidden', ...agreed }, { state: 'agreed' })
    expect((await visionAt(asApp(nobody), made.code)) === undefined).toBe(true)
    await publish(
      { kind: 'strategy.vision', id: made.vision },
      { kind: 'strategy.sentence', id: squares!.id },
      { kind: 'strategy.outcome', id: shown },
    )
    const seen = (await visionAt(asApp(nobody)))!
    expect(seen.sentences.map((each) => each.code)).toEqual([squares!.code])
    expect(seen.answers.map((each) => each.title.en)).toEqual(['Shown'])
    expect((await visionAt(asApp()))!.answers.map((each) => each.title.en)).toEqual(['Shown', 'Hidden'])
    // A frame that may not be read names nothing, though one of its cells may be.
    const frame = await core.make('strategy.frame', { title: 'Private frame', audience: 'restricted' })
    const cell = await core.make('strategy.category', { title: 'Cell', frame, axis: 1, audience: 'partners' })
    expect(await categoriesOf(asApp(someone()), [cell])).toEqual([])
    expect((await categoriesOf(asApp(), [cell])).map((each) => each.frameTitle.en)).toEqual(['Private frame'])
    expect(await frames(asApp(nobody))).toEqual([])
  })
})

describe('what waits', () => {
  test('is counted once for each finding, listed by the same condition, and offered with a place to go', async () => {
    const parks = await body('Findings')
    const mine = leaderOf(parks)
    const outcome = await core.make('strategy.outcome', { title: 'Alone', organisation: parks })
    const goal = await core.make('strategy.objective', { title: 'Loose', level: 1, organisation: parks })
    await core.make(
      'strategy.commitment',
      { title: 'Promised', dueOn: '2020-01-01', organisation: parks, ...linkTo('towards', outcome) },
      { state: 'agreed' },
    )
    const own = new Set(
      await core
        .rows<{ id: string }>(`select id from records.record where organisation = $1`, [parks])
        .then((rows) => rows.map(({ id }) => id)),
    )
    const found = async (name: FindingName, caller: Caller = mine) =>
      (await waitingRecords(asApp(caller), name)).filter(({ record }) => own.has(record)).length
    const counts = async (...names: FindingName[]) => Promise.all(names.map((name) => found(name)))
    expect(await counts('commitment-overdue', 'outcome-no-sentence', 'outcome-unmeasured', 'outcome-no-rule')).toEqual([
      1, 1, 1, 1,
    ])
    expect(await counts('objective-no-outcome', 'draft')).toEqual([1, 2])
    expect(await waitingRecords(asApp(mine), 'objective-no-outcome', [goal])).toEqual([{ record: goal }])

    await core.write([
      { kind: 'strategy.objective', action: 'change', id: goal, values: linkTo('contributesTo', outcome) },
    ])
    await core.make('indicators.indicator', { title: 'Counted', direction: 'up', ...linkTo('measures', goal) })
    expect(await counts('outcome-unmeasured', 'objective-no-outcome')).toEqual([0, 0])
    expect([await found('draft', nobody), await found('commitment-overdue', nobody)]).toEqual([0, 0])
  })
})
