import { type FieldProblem, notFound } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { Say } from '#kernel/words.ts'
import { recordChoices } from '#pages/choices.ts'
import { many, mistakesFrom, mistakesOf, one } from '#pages/form.ts'
import { presenterOf, type Text } from '#pages/presenter.ts'
import { inTransaction } from '#platform/app.ts'
import { panel } from '#platform/module.ts'
import { type AppContext, type PageAnswer, type PageRequest, page } from '#platform/page.ts'
import { isId, undo } from '#platform/records/index.ts'
import { assign, maxAssigned } from './actions.ts'
import { holdersOf } from './queries.ts'
import { type Gap, gapRecords, gaps, type PostRow, postsOf, responsibilities } from './queries-work.ts'
import { organisation } from './records.ts'
import { type AssignData, type AssignGroup, assignView, type VacantData, vacantView } from './views/assign.tsx'
import { type BodyData, bodyView, type PostData, postView } from './views/panels.tsx'

/** How many names of a group are shown, each with a tick box. */
const maxListed = 300

type Asked = { readonly kind: string; readonly organisation: string; readonly owner: string }

const askedOf = (query: PageRequest['query']): Asked => ({
  kind: one(query, 'kind'),
  organisation: one(query, 'of'),
  owner: one(query, 'owner'),
})

function groupTitle(ctx: AppContext, gap: Gap): Text {
  const { say, plain, plural } = presenterOf(ctx)
  const kind = plural(gap.kind)
  return gap.missing === 'organisation'
    ? { text: say('directory.assign.group.organisation', { kind }) }
    : {
        text: say('directory.assign.group.owner', {
          kind,
          organisation: gap.organisationTitle ? plain(gap.organisationTitle) : '–',
        }),
      }
}

/**
 * The group that an address names: records of a kind without an organisation, of an organisation without a post, or of
 * a vacant post.
 */
async function groupOf(ctx: AppContext, asked: Asked, all: readonly Gap[]): Promise<AssignGroup | null> {
  const limit = maxAssigned
  if (isId(asked.owner)) {
    const [post] = await postsOf(ctx, { id: asked.owner })
    if (!post) throw notFound(asked.owner)
    const rows = await gapRecords(ctx, { owner: asked.owner }, limit)
    return shownGroup(ctx, asked, { title: presenterOf(ctx).text(post.title), missing: 'owner' }, rows, rows.length)
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
  rows: rows.slice(0, maxListed).map((row) => ({ id: row.id, code: row.code, ...presenterOf(ctx).named(row) })),
})

async function assignData(
  ctx: AppContext,
  asked: Asked,
  more: Partial<Pick<AssignData, 'given' | 'mistakes' | 'preview' | 'done'>> = {},
): Promise<AssignData> {
  const all = await gaps(ctx)
  const group = await groupOf(ctx, asked, all)
  const posts = await postsOf(ctx)
  const { text, plural } = presenterOf(ctx)
  return {
    gaps: all.map((gap) => ({
      kind: plural(gap.kind),
      organisation: gap.organisationTitle ? text(gap.organisationTitle) : null,
      missing: gap.missing,
      count: gap.count,
      href: `/directory/assign?${new URLSearchParams({ kind: gap.kind, of: gap.organisation ?? 'none' })}`,
    })),
    group,
    posts: posts.map((post) => ({ id: post.id, label: postLabel(ctx, post), vacant: post.vacant })),
    bodies: await recordChoices(ctx, organisation.kind, 200, 'title'),
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

function postLabel(ctx: AppContext, post: PostRow): string {
  const { say, plain } = presenterOf(ctx)
  const vacant = post.vacant ? say('directory.panel.posts.vacant') : ''
  return [plain(post.title), plain(post.organisationTitle), vacant].filter(Boolean).join(' · ')
}

/** A problem with one of the records is shown at the list. */
const fieldAt = (at: string) => (/^\/\d/.test(at) ? 'records' : (at.split('/')[1] ?? 'records'))

async function answerAssign(ctx: AppContext, { form }: PageRequest): Promise<PageAnswer<AssignData>> {
  const undoing = one(form, 'undo')
  if (isId(undoing)) {
    const { undone } = await inTransaction(ctx, (wctx) => undo(wctx, undoing, { mode: 'possible', source: 'page' }))
    return { redirect: '/directory/assign', notice: { key: 'directory.assign.undone', values: { count: undone } } }
  }
  const asked: Asked = { kind: one(form, 'kind'), organisation: one(form, 'of'), owner: one(form, 'from') }
  const given = {
    organisation: one(form, 'organisation'),
    owner: one(form, 'owner'),
    why: one(form, 'why'),
    records: many(form, 'records').filter(isId),
    whole: one(form, 'whole') === 'true',
  }
  const data = await assignData(ctx, asked, { given })
  const { group } = data
  if (!group) return { redirect: '/directory/assign' }
  const { say } = presenterOf(ctx)
  const ticked = new Set(given.records)
  const listed = new Set(group.rows.map((row) => row.id))
  const chosen = group.all.filter((row) => ticked.has(row.id) || (given.whole && !listed.has(row.id)))
  const fields: FieldProblem[] = [
    ...(!given.organisation && !given.owner ? [{ at: '/owner', code: 'directory.assign-to-whom' }] : []),
    ...(chosen.length === 0 ? [{ at: '/records', code: 'directory.assign-what' }] : []),
  ]
  if (fields.length > 0) return { ...data, mistakes: mistakesFrom(fields, say, fieldAt) }
  if (one(form, 'act') === 'edit') return data
  if (one(form, 'act') !== 'save') return { ...data, preview: { count: chosen.length, what: whatIn(data, say) } }
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
    return { ...data, mistakes: mistakesOf(error, say, fieldAt) }
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
      done: isId(query.done ?? '') ? { changeSet: query.done!, count: Number(query.count) || 0 } : null,
    }),
  post: answerAssign,
  title: (_data, { say }) => say('directory.assign.title'),
  view: assignView,
})

const vacantPage = page<VacantData>({
  path: '/directory/vacant',
  policy: 'signed in',
  section: 'house',
  load: async (ctx) => {
    const { text, named, day } = presenterOf(ctx)
    return {
      posts: (await postsOf(ctx, { vacant: true })).map((post) => ({
        code: post.code,
        ...named({ kind: 'directory.post', ...post }),
        organisation: post.organisationTitle ? text(post.organisationTitle) : null,
        since: post.vacantSince ? day(post.vacantSince) : null,
        owns: post.owns,
        assign: `/directory/assign?owner=${post.id}`,
      })),
    }
  },
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
    const { say, plain, named, day, counted, signedIn } = presenterOf(ctx)
    const holders = signedIn
      ? await holdersOf(
          ctx,
          posts.map((post) => post.id),
        )
      : []
    return {
      posts: posts.map((post) => {
        const holder = post.vacant ? undefined : holders.find((each) => each.post === post.id && each.to === null)
        return {
          code: post.code,
          ...named({ kind: 'directory.post', ...post }),
          vacant: post.vacant,
          holder: post.vacant
            ? post.vacantSince
              ? say('directory.panel.posts.vacant-since', { day: day(post.vacantSince) })
              : say('directory.panel.posts.vacant')
            : holder
              ? say('directory.panel.posts.since', {
                  name: plain(holder.name),
                  day: day(holder.from),
                })
              : say('directory.panel.posts.filled'),
          owns: post.owns,
        }
      }),
      owned: owned.map((each) => ({
        kind: counted(each.kind, each.all),
        all: each.all,
        unowned: each.unowned,
        href: `/directory/assign?${new URLSearchParams({ kind: each.kind, of: record.id })}`,
      })),
      signedIn,
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
    const { kind, named, signedIn } = presenterOf(ctx)
    return {
      vacant: post.vacant,
      owns: post.owns,
      assign: signedIn ? `/directory/assign?owner=${post.id}` : null,
      rows: rows.map((row) => ({
        code: row.code,
        kind: kind(row.kind),
        ...named(row),
      })),
    }
  },
  view: postView,
})

export const pages = [assignPage, vacantPage]
export const panels = [bodyPanel, postPanel]
