/** Classification frames: loading them, and what is in their cells. */
import { readFile } from 'node:fs/promises'
import { invalid } from '#kernel/problem.ts'
import { type FrameFile, loadFrame } from '#modules/strategy'
import { mistakesOf, one } from '#pages/form.ts'
import { maySome } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { inTransaction } from '#platform/app.ts'
import { parseStrictJson } from '#platform/json/index.ts'
import { panel } from '#platform/module.ts'
import { type AppContext, page } from '#platform/page.ts'
import { openChangeSet } from '#platform/records/index.ts'
import iso37101 from './frames/iso-37101.json' with { type: 'json' }
import sdg from './frames/sdg.json' with { type: 'json' }
import { type FrameRow, frameContents, frames } from './queries-frame.ts'
import { categoriesOf } from './queries-outcome.ts'
import { type ClassificationData, type FrameTableData, frameTableView } from './views/frame-table.tsx'
import { type FramesData, framesView } from './views/frames.tsx'

const shipped: readonly FrameFile[] = [iso37101, sdg]
const maxBytes = 1_000_000

async function framesData(ctx: AppContext): Promise<FramesData> {
  const known = await frames(ctx)
  const keys = new Set(known.map((each) => each.key))
  const { text } = presenterOf(ctx)
  return {
    frames: await Promise.all(known.map((each) => tableOf(ctx, each))),
    shipped: shipped
      .filter((file) => !keys.has(file.id))
      .map((file) => ({ id: file.id, ...text(file.title), edition: file.edition ?? '' })),
    mayLoad: maySome(ctx, 'create', 'strategy.frame'),
    mistakes: {},
  }
}

/** A stored frame as a table. */
async function tableOf(ctx: AppContext, frame: FrameRow): Promise<FrameTableData> {
  const { text, named: linked } = presenterOf(ctx)
  const { members, classified } = await frameContents(ctx, frame.id)
  const named = (axis: number) =>
    members.filter((each) => each.axis === axis).map((each) => ({ id: each.id, ...text(each.title), code: each.code }))
  const [rows, columns] = [named(2), named(1)]
  const inCell = (ids: readonly string[]) =>
    classified
      .filter((each) => ids.every((id) => each.categories.includes(id)))
      .map((each) => ({ code: each.code, ...linked(each) }))
  const crossed = rows.length > 0 && columns.length > 0
  const lines = crossed ? rows : columns
  return {
    code: frame.code,
    ...linked({ kind: 'strategy.frame', ...frame }),
    edition: frame.edition ?? '',
    note: frame.note ? text(frame.note) : null,
    axes: frame.axes.map((axis) => text(axis)),
    columns: crossed ? columns : [],
    rows: lines.map((line) => ({
      ...line,
      cells: crossed ? columns.map((column) => inCell([line.id, column.id])) : [inCell([line.id])],
    })),
    classified: classified.length,
  }
}

/** Reads a frame from a JSON file. @throws Invalid naming the place in the file. */
export function readFrame(text: string): FrameFile {
  let parsed: unknown
  try {
    parsed = parseStrictJson(text)
  } catch {
    throw invalid('records.invalid', [{ at: '/file', code: 'strategy.frame-not-json' }])
  }
  const missing = (place: string): never => {
    throw invalid('records.invalid', [{ at: '/file', code: 'strategy.frame-place', values: { place } }])
  }
  const isText = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && Object.values(value).some((each) => typeof each === 'string' && each)
  const file = parsed as FrameFile | null
  if (typeof file !== 'object' || file === null) return missing('/')
  if (typeof file.id !== 'string' || !/^[a-z0-9][a-z0-9-]{0,60}$/.test(file.id)) missing('/id')
  if (!isText(file.title)) missing('/title')
  if (!Array.isArray(file.axes) || file.axes.length < 1 || file.axes.length > 3) missing('/axes')
  for (const [index, axis] of file.axes.entries()) {
    if (!isText(axis?.title)) missing(`/axes/${index}/title`)
    if (!Array.isArray(axis.members) || axis.members.length < 1 || axis.members.length > 500)
      missing(`/axes/${index}/members`)
    for (const [place, member] of axis.members.entries()) {
      if (typeof member?.code !== 'string' || member.code === '') missing(`/axes/${index}/members/${place}/code`)
      if (!isText(member.title)) missing(`/axes/${index}/members/${place}/title`)
    }
  }
  return file
}

async function load(ctx: AppContext, file: FrameFile): Promise<void> {
  await inTransaction(ctx, async (wctx) => {
    await loadFrame(await openChangeSet(wctx, { source: 'page', why: `frame ${file.id}` }), file)
  })
}

const framesPage = page<FramesData>({
  path: '/strategy/classification',
  policy: 'anyone',
  files: true,
  postPolicy: { can: 'create', kind: 'strategy.frame' },
  section: 'strategy',
  load: framesData,
  post: async (ctx, { form, files }) => {
    try {
      const known = shipped.find((file) => file.id === one(form, 'shipped'))
      const upload = files.file
      if (!known && (!upload || upload.bytes === 0))
        throw invalid('records.invalid', [{ at: '/file', code: 'field.required' }])
      if (upload && upload.bytes > maxBytes)
        throw invalid('records.invalid', [{ at: '/file', code: 'strategy.frame-too-large' }])
      const file = known ?? readFrame(await readFile(upload!.path, 'utf8'))
      await load(ctx, file)
      return {
        redirect: '/strategy/classification',
        notice: { key: 'strategy.frames.loaded', values: { title: presenterOf(ctx).plain(file.title) } },
      }
    } catch (error) {
      return { ...(await framesData(ctx)), mistakes: mistakesOf(error, presenterOf(ctx).say) }
    }
  },
  title: (_data, { say }) => say('strategy.classification.title'),
  view: framesView,
})

export const framePanel = panel<FrameTableData>({
  on: 'strategy.frame',
  place: 'main',
  load: async (ctx, record) => {
    const [frame] = await frames(ctx, record.id)
    return frame ? tableOf(ctx, frame) : null
  },
  view: (data, view) => frameTableView(data, view),
})

/** The cells something is classified under, by frame. */
export async function classificationOf(ctx: AppContext, ids: readonly string[]): Promise<ClassificationData[]> {
  const { plain, named } = presenterOf(ctx)
  const rows = await categoriesOf(ctx, ids)
  return [...Map.groupBy(rows, (row) => row.frame).values()].map((group) => ({
    ...named({ kind: 'strategy.frame', code: group[0]!.frameCode, title: group[0]!.frameTitle }),
    members: group.map((row) => plain(row.title)),
  }))
}

export const framePages = [framesPage]
