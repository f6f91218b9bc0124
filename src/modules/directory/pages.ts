import { type FieldProblem, notFound, Problem } from '#kernel/problem.ts'
import { addressOf } from '#kernel/projections/endpoints.ts'
import type { AnyRecord } from '#kernel/record.ts'
import { type Localized, localize, type Say } from '#kernel/words.ts'
import { inTransaction } from '#platform/app.ts'
import { isSignedIn } from '#platform/caller.ts'
import { panel } from '#platform/module.ts'
import { type AppContext, type PageAnswer, type PageRequest, page } from '#platform/page.ts'
import { list } from '#platform/records/index.ts'
import { formatDay } from '#values/moment.ts'
import { assign, maxAssigned, takeBack } from './actions.ts'
import { holdersOf } from './queries.ts'
import { type Gap, gapRecords, gaps, type PostRow, postsOf, responsibilities } from './queries-work.ts'
import { organisation } from './records.ts'
import {
  type AssignData,
  type AssignGroup,
  assignView,
  type Text,
  type VacantData,
  vacantView,
} from './views/assign.tsx'
import { type BodyData, bodyView, type PostData, postView } from './views/panels.tsx'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Names of a group that are shown with a box each. */
const maxListed = 300

const one = (value: string | string[] | undefined) => ((Array.isArray(value) ? value.at(-1) : value) ?? '').trim()
const many = (value: string | string[] | undefined) => (Array.isArray(value) ? value : value ? [value] : [])
const sayOf = (ctx: AppContext): Say => ctx.registry.words.say(ctx.language)

function textIn(ctx: AppContext, text: Localized): Text {
  const found = localize(text, ctx.language, ctx.registry.language)
  return found.lang === ctx.language || found.lang === 'und' ? { text: found.text } : found
}

const hrefOf = (ctx: AppContext, kind: string, code: string) =>
  `${addressOf(ctx.registry.kind(kind).declaration)}/${code}`
const dayText = (ctx: AppContext, day: string) => formatDay(day, ctx.language)

type Asked = { readonly kind: string; readonly organisation: string; readonly owner: string }

const askedOf = (from: Readonly<Record<string, string | string[]>>): Asked => ({
  kind: one(from.kind),
  organisation: one(from.of),
  owner: one(from.owner),
})

function groupTitle(ctx: AppContext, gap: Gap): Text {
  const say = sayOf(ctx)
  const kind = say(`${gap.kind}.plural`)
  return gap.missing === 'organisation'
    ? { text: say('directory.assign.group.organisation', { kind }) }
    : {
        text: say('directory.assign.group.owner', {
          kind,
          organisation: gap.organisationTitle ? textIn(ctx, gap.organisationTitle).text : '–',
        }),
      }
}

/** The group that an address names: records of a kind without a body, of a body without a post, or of a vacant post. */
async function groupOf(ctx: AppContext, asked: Asked, all: readonly Gap[]): Promise<AssignGroup | null> {
  const limit = maxAssigned
  if (uuid.test(asked.owner)) {
    const [post] = await postsOf(ctx, { id: asked.owner })
    if (!post) throw notFound(asked.owner)
    const rows = await gapRecords(ctx, { owner: asked.owner }, limit)
    return shownGroup(ctx, asked, { title: textIn(ctx, post.title), missing: 'owner' }, rows, rows.length)
  }
  if (!asked.kind) return null
  const gap = all.find((each) => each.kind === asked.kind && (each.organisation ?? 'none') === asked.organisation)
  if (!gap) return null
  const rows = await gapRecords(ctx, { kind: gap.kind, organisation: gap.organisation }, limit)
  return shownGroup(ctx, asked, { title: groupTitle(ctx, gap), missing: gap.missing }, rows, gap.count)
}

const shownGroup = (
  ctx: AppContext,
  asked: Asked,
  about: Pick<AssignGroup, 'title' | 'missing'>,
  rows: Awaited<ReturnType<typeof gapRecords>>,
  count: number,
): AssignGroup => ({
  ...about,
  asked,
  count,
  all: rows.map(({ id, kind }) => ({ id, kind })),
  rows: rows
    .slice(0, maxListed)
    .map((row) => ({ id: row.id, code: row.code, ...textIn(ctx, row.title), href: hrefOf(ctx, row.kind, row.code) })),
})

async function assignData(
  ctx: AppContext,
  asked: Asked,
  more: Partial<Pick<AssignData, 'given' | 'mistakes' | 'preview' | 'done'>> = {},
): Promise<AssignData> {
  const all = await gaps(ctx)
  const group = await groupOf(ctx, asked, all)
  const posts = await postsOf(ctx)
  const { rows: bodies } = await list(ctx, organisation, { limit: 200, sort: 'title' })
  const say = sayOf(ctx)
  return {
    gaps: all.map((gap) => ({
      kind: say(`${gap.kind}.plural`),
      organisation: gap.organisationTitle ? textIn(ctx, gap.organisationTitle) : null,
      missing: gap.missing,
      count: gap.count,
      href: `/directory/assign?${new URLSearchParams({ kind: gap.kind, of: gap.organisation ?? 'none' })}`,
    })),
    group,
    posts: posts.map((post) => ({ id: post.id, label: postLabel(ctx, post), vacant: post.vacant })),
    bodies: bodies.map((body) => ({ id: body.id, label: textIn(ctx, body.title).text })),
    given: {
      organisation: '',
      owner: '',
      why: '',
      records: group ? group.rows.map((row) => row.id) : [],
      whole: false,
    },
    mistakes: {},
    preview: null,
    done: null,
    ...more,
  }
}

const postLabel = (ctx: AppContext, post: PostRow) =>
  [
    textIn(ctx, post.title).text,
    post.organisationTitle ? textIn(ctx, post.organisationTitle).text : '',
    post.vacant ? sayOf(ctx)('directory.panel.posts.vacant') : '',
  ]
    .filter(Boolean)
    .join(' · ')

const mistakesFrom = (fields: readonly FieldProblem[], say: Say) =>
  Object.fromEntries(
    fields.map(({ at, code, values }) => [
      /^\/\d/.test(at) ? 'records' : (at.split('/')[1] ?? 'records'),
      say(`problem.${code}`, values),
    ]),
  )

async function answerAssign(ctx: AppContext, { form }: PageRequest): Promise<PageAnswer<AssignData>> {
  const undoing = one(form.undo)
  if (uuid.test(undoing)) {
    const { undone } = await inTransaction(ctx, (wctx) => takeBack(wctx, undoing))
    return { redirect: '/directory/assign', notice: { key: 'directory.assign.undone', values: { count: undone } } }
  }
  const asked: Asked = { kind: one(form.kind), organisation: one(form.of), owner: one(form.from) }
  const given = {
    organisation: one(form.organisation),
    owner: one(form.owner),
    why: one(form.why),
    records: many(form.records).filter((id) => uuid.test(id)),
    whole: one(form.whole) === 'true',
  }
  const data = await assignData(ctx, asked, { given })
  const { group } = data
  if (!group) return { redirect: '/directory/assign' }
  const say = sayOf(ctx)
  const ticked = new Set(given.records)
  const listed = new Set(group.rows.map((row) => row.id))
  const chosen = group.all.filter((row) => ticked.has(row.id) || (given.whole && !listed.has(row.id)))
  const fields: FieldProblem[] = [
    ...(!given.organisation && !given.owner ? [{ at: '/owner', code: 'directory.assign-to-whom' }] : []),
    ...(chosen.length === 0 ? [{ at: '/records', code: 'directory.assign-what' }] : []),
  ]
  if (fields.length > 0) return { ...data, mistakes: mistakesFrom(fields, say) }
  if (one(form.act) === 'edit') return data
  if (one(form.act) !== 'save') return { ...data, preview: { count: chosen.length, what: whatIn(data, say) } }
  try {
    const { changeSet, count } = await inTransaction(ctx, (wctx) =>
      assign(wctx, {
        records: chosen,
        organisation: given.organisation || null,
        owner: given.owner || null,
        why: given.why || null,
      }),
    )
    if (!changeSet) return { redirect: '/directory/assign', notice: { key: 'directory.assign.nothing' } }
    return {
      redirect: `/directory/assign?done=${changeSet}&count=${count}`,
      notice: { key: 'directory.assign.saved', values: { count } },
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.fields.length === 0) throw error
    return { ...data, mistakes: mistakesFrom(error.fields, say) }
  }
}

const whatIn = ({ given, posts, bodies }: AssignData, say: Say): string =>
  [
    ...bodies
      .filter((body) => body.id === given.organisation)
      .map((body) => say('directory.assign.preview.organisation', { name: body.label })),
    ...posts
      .filter((post) => post.id === given.owner)
      .map((post) => say('directory.assign.preview.owner', { name: post.label })),
  ].join(' · ')

const assignPage = page<AssignData>({
  path: '/directory/assign',
  policy: 'signed in',
  section: 'house',
  load: (ctx, { query }) =>
    assignData(ctx, askedOf(query), {
      done: uuid.test(query.done ?? '') ? { changeSet: query.done!, count: Number(query.count) || 0 } : null,
    }),
  post: answerAssign,
  title: (_data, { say }) => say('directory.assign.title'),
  view: assignView,
})

const vacantPage = page<VacantData>({
  path: '/directory/vacant',
  policy: 'signed in',
  section: 'house',
  load: async (ctx) => ({
    posts: (await postsOf(ctx, { vacant: true })).map((post) => ({
      code: post.code,
      ...textIn(ctx, post.title),
      href: hrefOf(ctx, 'directory.post', post.code),
      organisation: post.organisationTitle ? textIn(ctx, post.organisationTitle) : null,
      since: post.vacantSince ? dayText(ctx, post.vacantSince) : null,
      owns: post.owns,
      assign: `/directory/assign?owner=${post.id}`,
    })),
  }),
  title: (_data, { say }) => say('directory.vacant.title'),
  view: vacantView,
})

const bodyPanel = panel<BodyData>({
  on: 'directory.organisation',
  place: 'main',
  load: async (ctx, record: AnyRecord) => {
    const [posts, owned] = await Promise.all([
      postsOf(ctx, { organisation: record.id }),
      responsibilities(ctx, record.id),
    ])
    const named = isSignedIn(ctx.caller)
    const holders = named
      ? await holdersOf(
          ctx,
          posts.map((post) => post.id),
        )
      : []
    const say = sayOf(ctx)
    return {
      posts: posts.map((post) => {
        const holder = post.vacant ? undefined : holders.find((each) => each.post === post.id && each.to === null)
        return {
          code: post.code,
          ...textIn(ctx, post.title),
          href: hrefOf(ctx, 'directory.post', post.code),
          vacant: post.vacant,
          holder: post.vacant
            ? post.vacantSince
              ? say('directory.panel.posts.vacant-since', { day: dayText(ctx, post.vacantSince) })
              : say('directory.panel.posts.vacant')
            : holder
              ? say('directory.panel.posts.since', {
                  name: textIn(ctx, holder.name).text,
                  day: dayText(ctx, holder.from),
                })
              : say('directory.panel.posts.filled'),
          owns: post.owns,
        }
      }),
      owned: owned.map((each) => ({
        kind: say(each.all === 1 ? each.kind : `${each.kind}.plural`),
        all: each.all,
        unowned: each.unowned,
        href: `/directory/assign?${new URLSearchParams({ kind: each.kind, of: record.id })}`,
      })),
      signedIn: named,
    }
  },
  view: bodyView,
})

const postPanel = panel<PostData>({
  on: 'directory.post',
  place: 'lead',
  load: async (ctx, record: AnyRecord) => {
    const [post] = await postsOf(ctx, { id: record.id })
    if (!post) return null
    const rows = await gapRecords(ctx, { owner: record.id }, 100)
    return {
      vacant: post.vacant,
      owns: post.owns,
      assign: isSignedIn(ctx.caller) ? `/directory/assign?owner=${post.id}` : null,
      rows: rows.map((row) => ({
        code: row.code,
        kind: sayOf(ctx)(row.kind),
        ...textIn(ctx, row.title),
        href: hrefOf(ctx, row.kind, row.code),
      })),
    }
  },
  view: postView,
})

export const pages = [assignPage, vacantPage]
export const panels = [bodyPanel, postPanel]
