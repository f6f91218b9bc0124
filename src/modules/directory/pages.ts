import { notFound } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import { actPage } from '#pages/acts/page.ts'
import { one } from '#pages/form.ts'
import { presenterOf } from '#pages/presenter.ts'
import { panel } from '#platform/module.ts'
import { type AppContext, page } from '#platform/page.ts'
import { isId } from '#platform/records/index.ts'
import { holdersOf } from './queries.ts'
import { answeredKinds, type Gap, gapRecords, gaps, postsOf, responsibilities } from './queries-work.ts'
import { type GapsView, gapsView, type VacantData, vacantView } from './views/assign.tsx'
import { type BodyData, bodyView, type PostData, postView } from './views/panels.tsx'

const groupTitle = (ctx: AppContext, gap: Gap): string => {
  const { say, plain, plural } = presenterOf(ctx)
  const kind = plural(gap.kind)
  return gap.missing === 'organisation'
    ? say('directory.assign.group.organisation', { kind })
    : say('directory.assign.group.owner', { kind, organisation: plain(gap.organisationTitle) || '–' })
}

/** Records of a kind without an organisation, of an organisation without a post, or of a post. */
const assignPage = actPage({
  path: '/directory/assign',
  policy: 'signed in',
  section: 'house',
  title: (say) => say('directory.assign.title'),
  lead: (say) => say('directory.assign.lead'),
  kinds: answeredKinds,
  acts: () => ['responsible'],
  found: async (ctx, { kind, of, owner }) => {
    if (isId(owner ?? '')) {
      const [post] = await postsOf(ctx, { id: owner! })
      if (!post) throw notFound(owner!)
      const rows = await gapRecords(ctx, { owner: owner! })
      return { ids: rows.map(({ id }) => id), told: presenterOf(ctx).plain(post.title) }
    }
    const gap = (await gaps(ctx)).find((each) => each.kind === kind && (each.organisation ?? 'none') === of)
    if (!gap) return null
    return { ids: (await gapRecords(ctx, gap)).map(({ id }) => id), told: groupTitle(ctx, gap) }
  },
  notices: async (ctx, typed) => {
    const id = one(typed, 'owner')
    const [post] = isId(id) ? await postsOf(ctx, { id }) : []
    return post?.vacant ? [presenterOf(ctx).say('directory.assign.preview.vacant')] : []
  },
  above: {
    load: async (ctx, query): Promise<GapsView | null> => {
      // Whoever has chosen a group sees that group.
      if (query.kind || query.owner) return null
      const { text, plural } = presenterOf(ctx)
      return (await gaps(ctx)).map((gap) => ({
        kind: plural(gap.kind),
        organisation: gap.organisationTitle ? text(gap.organisationTitle) : null,
        missing: gap.missing,
        count: gap.count,
        href: `/directory/assign?${new URLSearchParams({ kind: gap.kind, of: gap.organisation ?? 'none' })}`,
      }))
    },
    view: gapsView,
  },
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
