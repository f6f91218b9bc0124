/** Who stands in for the holder of a post: listed, named and ended on one page. */
import type { Say } from '#kernel/words.ts'
import { recordChoices } from '#pages/choices.ts'
import { flat, lastField, type Mistakes, mistakesIn } from '#pages/form.ts'
import { mustBeAllowed } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { inTransaction } from '#platform/app.ts'
import { type AppContext, type PageRequest, page } from '#platform/page.ts'
import { get, type RowValues, write } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { deputiesOf } from './queries.ts'
import { deputyCovers, person, post } from './records.ts'
import { type DeputiesData, deputiesView } from './views/deputies.tsx'

type Post = Awaited<ReturnType<typeof postAt>>

/** The post, if the caller may name its deputies. @throws NotFound, NotAllowed */
async function postAt(ctx: AppContext, request: PageRequest) {
  const found = await get(ctx, post, request.params.key ?? '')
  mustBeAllowed(ctx, 'rows.deputy', found)
  return found
}

async function deputiesData(
  ctx: AppContext,
  record: Post,
  given: Record<string, string> = {},
  mistakes: Mistakes = {},
): Promise<DeputiesData> {
  const { named, names, day, say, choice, choices } = presenterOf(ctx)
  const [rows, people, posts] = await Promise.all([
    deputiesOf(ctx, record.id),
    recordChoices(ctx, person.kind, 1000, 'title'),
    recordChoices(ctx, post.kind, 1000),
  ])
  const nameOf = await names(rows.map((row) => row.deputy))
  const today = todayOf(ctx)
  return {
    code: record.code,
    ...named(record),
    rows: rows.map((row) => ({
      deputy: row.deputy,
      from: row.from,
      name: nameOf(row.deputy),
      when: `${day(row.from)} – ${row.to ? say('directory.deputies.until', { day: day(row.to) }) : say('directory.deputies.open')}`,
      covers: choice(post.kind, 'deputy.covers', row.covers),
      // What has not begun is taken back; what runs is ended.
      end: row.from >= today ? 'remove' : row.to === null || row.to > today ? 'end' : null,
    })),
    who: [...people, ...posts.filter(({ id }) => id !== record.id)].map(({ id, label, lang }) => ({
      value: id,
      label,
      ...(lang ? { lang } : {}),
    })),
    covers: choices(post.kind, 'deputy.covers', deputyCovers),
    given: { from: today, covers: 'everything', ...given },
    mistakes,
  }
}

export const deputiesPage = page<DeputiesData>({
  path: '/directory/posts/:key/deputies',
  policy: { can: 'rows.deputy', kind: post.kind },
  section: 'house',
  load: async (ctx, request) => deputiesData(ctx, await postAt(ctx, request)),
  post: async (ctx, request) => {
    const record = await postAt(ctx, request)
    const { say, href } = presenterOf(ctx)
    const given = flat(request.form)
    const { deputy = '', from = '', to, covers = '', act } = given
    const saving = (rows: { set?: RowValues[]; remove?: RowValues[] }) =>
      mistakesIn(
        () =>
          inTransaction(ctx, (inside) =>
            write(inside, { source: 'page' }, [
              { kind: post.kind, action: 'change', id: record.id, rows: { deputy: rows } },
            ]),
          ),
        say,
        lastField('deputy'),
      )
    const known = (await deputiesOf(ctx, record.id)).find((row) => row.deputy === deputy && row.from === from)
    const mistakes = await saving(
      act === 'remove'
        ? { remove: [{ deputy, from }] }
        : act === 'end' && known
          ? { set: [{ ...known, to: todayOf(ctx) }] }
          : { set: [{ deputy: deputy || null, from: from || null, to: to || null, covers: covers || null }] },
    )
    if (mistakes) return deputiesData(ctx, record, given, mistakes)
    return {
      redirect: `${href(post.kind, record.code)}/deputies`,
      notice: { key: act ? 'directory.deputies.ended' : 'directory.deputies.saved' },
    }
  },
  title: (data, { say }) => say('directory.deputies.title', { title: data.text }),
  trail: (data, { say }: { say: Say }) => [
    { label: say('directory.post.plural'), href: '/directory/posts' },
    { label: data.text, href: data.href },
  ],
  view: deputiesView,
})
