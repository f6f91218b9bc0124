import { invalid } from '#kernel/problem.ts'
import { organisation } from '#modules/directory'
import { localizedIn, many, mistakesOf, one } from '#pages/form.ts'
import { presenterOf } from '#pages/presenter.ts'
import { inTransaction } from '#platform/app.ts'
import { type AppContext, type PageAnswer, type PageRequest, page } from '#platform/page.ts'
import { isId, list, undo } from '#platform/records/index.ts'
import { groupUnder } from './actions-group.ts'
import { objectivesWithoutOutcome, plans, planTree } from './queries-plan.ts'
import { sentencesOf, visionVersions } from './queries-vision.ts'
import { type GroupData, groupView } from './views/group.tsx'

const maxListed = 500

type Given = GroupData['given']

const noneGiven: Given = {
  outcome: '',
  title: {},
  organisation: '',
  sentence: '',
  rule: '',
  ruleCount: '',
  objectives: [],
}

const inOrder = (ctx: AppContext, a: string, b: string) =>
  Number(a === '') - Number(b === '') || a.localeCompare(b, ctx.language)

async function groupData(
  ctx: AppContext,
  code: string,
  given: Given,
  more: Partial<Pick<GroupData, 'mistakes' | 'preview' | 'done'>> = {},
): Promise<GroupData> {
  const all = await plans(ctx)
  const plan = all.find((each) => each.code === code.toUpperCase()) ?? all[0]
  const loose = await objectivesWithoutOutcome(ctx, plan?.id ?? null, maxListed + 1)
  const presenter = presenterOf(ctx)
  const { text, plain, option } = presenter
  const nameOf = await presenter.names(loose.map((row) => row.organisation))
  const versions = await visionVersions(ctx)
  const standing = versions.find((each) => each.state === 'adopted')
  const sentences = standing ? await sentencesOf(ctx, standing.id) : []
  const { rows: bodies } = await list(ctx, organisation, { limit: 200 })
  const outcomes = plan ? (await planTree(ctx, plan.id)).outcomes : []
  const level = (number: number) => {
    const name = plan?.levels[number - 1]
    return name ? plain(name) : presenter.kind('strategy.objective')
  }
  return {
    plan: plan ? { code: plan.code, ...text(plan.title) } : null,
    // Grouped by organisation: names such as "Customer service" are common.
    objectives: loose
      .slice(0, maxListed)
      .map((row) => ({
        id: row.id,
        code: row.code,
        ...presenter.named({ kind: 'strategy.objective', ...row }),
        level: level(row.level),
        organisation: nameOf(row.organisation)?.text ?? '',
        below: row.below,
      }))
      .sort((a, b) => inOrder(ctx, a.organisation, b.organisation) || inOrder(ctx, a.text, b.text)),
    moreThanListed: loose.length > maxListed,
    outcomes: outcomes.map(option),
    bodies: bodies.map(option),
    sentences: sentences.map((row) => ({ id: row.id, label: `${row.position}. ${plain(row.title)}` })),
    given: given.organisation || !plan?.organisation ? given : { ...given, organisation: plan.organisation },
    mistakes: {},
    preview: false,
    done: null,
    ...more,
  }
}

const givenOf = (form: PageRequest['form']): Given => ({
  outcome: one(form, 'outcome'),
  title: localizedIn(form, 'title'),
  organisation: one(form, 'organisation'),
  sentence: one(form, 'sentence'),
  rule: one(form, 'rule'),
  ruleCount: one(form, 'ruleCount'),
  objectives: many(form, 'objectives').filter(isId),
})

function check(ctx: AppContext, given: Given): void {
  const fields = [
    ...(given.objectives.length === 0 ? [{ at: '/objectives', code: 'strategy.group-what' }] : []),
    ...(given.outcome === '' && !given.title[ctx.city.language]
      ? [{ at: `/title/${ctx.city.language}`, code: 'strategy.group-under-what' }]
      : []),
    ...(given.rule === 'some' && !/^[1-9]\d{0,2}$/.test(given.ruleCount)
      ? [{ at: '/ruleCount', code: 'strategy.how-many' }]
      : []),
  ]
  if (fields.length > 0) throw invalid('records.invalid', fields)
}

async function answer(ctx: AppContext, { form, query }: PageRequest): Promise<PageAnswer<GroupData>> {
  const code = one(form, 'plan') || (query.plan ?? '')
  const again = `/strategy/group${code ? `?plan=${code}` : ''}`
  const undoing = one(form, 'undo')
  if (isId(undoing)) {
    const { undone } = await inTransaction(ctx, (wctx) => undo(wctx, undoing, { mode: 'possible', source: 'page' }))
    return { redirect: again, notice: { key: 'strategy.group.undone', values: { count: undone } } }
  }
  const given = givenOf(form)
  try {
    check(ctx, given)
    if (one(form, 'act') !== 'save') return groupData(ctx, code, given, { preview: one(form, 'act') !== 'edit' })
    const all = await plans(ctx)
    const plan = all.find((each) => each.code === code.toUpperCase()) ?? all[0]
    const { changeSet } = await inTransaction(ctx, (wctx) =>
      groupUnder(wctx, {
        plan: plan?.id ?? null,
        outcome: given.outcome
          ? { id: given.outcome }
          : {
              title: given.title,
              organisation: given.organisation || null,
              sentence: given.sentence || null,
              rule: given.rule || null,
              ruleCount: given.rule === 'some' ? Number(given.ruleCount) : null,
            },
        objectives: given.objectives,
      }),
    )
    const count = given.objectives.length
    return {
      redirect: `${again}${code ? '&' : '?'}done=${changeSet ?? ''}&count=${count}`,
      notice: { key: 'strategy.group.saved', values: { count } },
    }
  } catch (error) {
    return groupData(ctx, code, given, { mistakes: mistakesOf(error, presenterOf(ctx).say) })
  }
}

export const groupPage = page<GroupData>({
  path: '/strategy/group',
  policy: { can: 'create', kind: 'strategy.outcome' },
  section: 'strategy',
  load: (ctx, { query }) =>
    groupData(ctx, query.plan ?? '', noneGiven, {
      done: isId(query.done ?? '') ? { changeSet: query.done!, count: Number(query.count) || 0 } : null,
    }),
  post: answer,
  title: (_data, { say }) => say('strategy.group.title'),
  trail: (data) => (data.plan ? [{ label: data.plan.text, href: `/strategy/plans/${data.plan.code}` }] : []),
  view: groupView,
})
