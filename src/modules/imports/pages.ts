/**
 * Importing a file: upload, mapping, preview, progress, report, undo. Every step has an address and needs no script.
 */
import { Problem } from '#kernel/problem.ts'
import { oneOf } from '#pages/form.ts'
import { presenterOf } from '#pages/presenter.ts'
import { inTransaction } from '#platform/app.ts'
import { previewContent } from '#platform/exchange/index.ts'
import {
  type AllOffers,
  cancelRun,
  editedSince,
  getRun,
  hasUpload,
  inWords,
  listProfiles,
  listRuns,
  mapRun,
  messageOf,
  importPolicy as policy,
  type Run,
  saveProfile,
  uploadOf,
} from '#platform/imports/index.ts'
import { type AppContext, type PageAnswer, type PageDefinition, page } from '#platform/page.ts'
import { formatOfRun, maxListed, startImport, undoImport, uploadImport } from './actions-runs.ts'
import { chosenProfile, inspectUpload, mapPages } from './pages-map.ts'
import { previewOf } from './queries-inspection.ts'
import { type RunData, runView } from './views/run.tsx'
import { type StartData, startView } from './views/start.tsx'

const section = 'results'

async function startData(ctx: AppContext, mistakes: StartData['mistakes'] = []): Promise<StartData> {
  const { instant } = presenterOf(ctx)
  const [runs, profiles] = await Promise.all([listRuns(ctx, 15), listProfiles(ctx)])
  return {
    profiles: profiles.map(({ id, name, version }) => ({ id, name, version })),
    runs: runs.map((run) => ({
      id: run.id,
      name: run.fileName,
      state: run.undo ? 'undone' : run.state === 'done' && run.dryRun ? 'checked' : run.state,
      at: instant(run.createdAt),
      ...(run.report && !run.report.refused
        ? { counts: { created: run.report.created, changed: run.report.changed, rejected: run.report.rejected } }
        : {}),
    })),
    mistakes,
  }
}

const startPage = page<StartData>({
  path: '/import',
  policy,
  files: true,
  section,
  load: (ctx) => startData(ctx),
  post: async (ctx, { form, files }) => {
    const { say } = presenterOf(ctx)
    const file = files.file
    const mistakes: Array<{ field: string; text: string }> = []
    if (!file || file.bytes === 0) mistakes.push({ field: 'field-file', text: say('imports.no-file') })
    const profile = await chosenProfile(ctx, oneOf(form.profile), files.profileFile?.path)
    if (profile && 'problems' in profile)
      for (const problem of profile.problems.slice(0, 5))
        mistakes.push({ field: 'field-profileFile', text: messageOf(problem, say) })
    if (mistakes.length > 0) return startData(ctx, mistakes)
    const id = await uploadImport(ctx, file!, profile && 'profile' in profile ? profile.profile : null)
    return { redirect: `/import/${id}` }
  },
  title: (_data, { say }) => say('imports.title'),
  view: startView,
})

/** The preview of a self-describing file. */
async function contentData(ctx: AppContext, run: Run, uploaded: boolean): Promise<RunData['content']> {
  const format = uploaded && run.state === 'draft' ? formatOfRun(ctx, run) : undefined
  if (!format) return null
  const { problems, ...preview } = await previewContent(ctx, format, uploadOf(ctx.db, run.id))
  const { say } = presenterOf(ctx)
  return { ...preview, problems: problems.map((problem) => messageOf(problem, say)) }
}

async function runData(ctx: AppContext, offers: AllOffers, run: Run): Promise<RunData> {
  const { say, instant, base, plural } = presenterOf(ctx)
  const waits = run.state === 'waiting' || run.state === 'running'
  const uploaded = !waits && (await hasUpload(ctx, run.id))
  const preview =
    uploaded && run.profile && run.state === 'draft'
      ? await previewOf(ctx.registry, offers, uploadOf(ctx.db, run.id), run.profile)
      : null
  const edited = run.changeSet && !run.undo ? await editedSince(ctx, run.changeSet, maxListed) : []
  return {
    id: run.id,
    name: run.fileName,
    state: run.state,
    dryRun: run.dryRun,
    allOrNothing: run.allOrNothing,
    phase: run.phase,
    done: run.done,
    total: run.total,
    profile: run.profile ? { name: run.profile.name, version: run.profile.version } : null,
    format: run.format ? say(`exchange.format.${run.format}`) : null,
    content: await contentData(ctx, run, uploaded),
    uploaded,
    preview: preview
      ? {
          ...preview,
          problems: preview.problems.map((problem) => ({
            ...{ row: problem.row, column: problem.column, sheet: problem.sheet, cell: problem.cell },
            message: messageOf(problem, say),
          })),
        }
      : null,
    report: run.report ? inWords(run.report, say) : null,
    lists: writtenKinds(run)
      .filter((kind) => ctx.registry.kinds.has(kind))
      .map((kind) => ({ href: base(kind), label: plural(kind) })),
    changeSet: run.changeSet,
    endedAt: run.endedAt ? instant(run.endedAt) : null,
    undo: run.undo
      ? {
          at: instant(run.undo.at),
          undone: run.undo.undone,
          kept: run.undo.kept.map((each) => ({ ...each, at: each.at ? instant(each.at) : '' })),
        }
      : null,
    edited: edited.map((each) => ({ code: each.code, title: each.title, at: instant(each.at) })),
  }
}

/** How many lists are offered after an import. */
const maxLists = 3

/** Kinds that an import wrote; the subject of its rows is saved last and listed first. */
const writtenKinds = ({ report, changeSet }: Run): string[] =>
  report && changeSet
    ? Object.entries(report.kinds)
        .filter(([, { created, changed }]) => created + changed > 0)
        .map(([kind]) => kind)
        .reverse()
        .slice(0, maxLists)
    : []

const runPage = (offers: AllOffers) =>
  page<RunData>({
    path: '/import/:run',
    policy,
    section,
    load: async (ctx, { params }): Promise<PageAnswer<RunData>> => {
      const run = await getRun(ctx, params.run ?? '')
      if (run.state === 'draft' && !run.profile && !run.format) {
        const { look, profile } = await inspectUpload(ctx, offers, run)
        if (!profile || look.header.length === 0) return { redirect: `/import/${run.id}/columns` }
        await mapRun(ctx, run.id, profile)
        return runData(ctx, offers, { ...run, profile })
      }
      return runData(ctx, offers, run)
    },
    post: async (ctx, { params, form }) => {
      const run = await getRun(ctx, params.run ?? '')
      const back = { redirect: `/import/${run.id}` }
      const act = oneOf(form.act)
      try {
        if (act === 'check' || act === 'import') {
          await startImport(ctx, run.id, { dryRun: act === 'check', allOrNothing: oneOf(form.allOrNothing) === 'true' })
          return back
        }
        if (act === 'cancel') await cancelRun(ctx, run.id)
        if (act === 'undo') await undoImport(ctx, run.id)
        if (act === 'save' && run.profile) {
          const saved = await inTransaction(ctx, (tx) => saveProfile(tx, run.profile!))
          return {
            ...back,
            notice: { key: 'imports.profile-saved', values: { name: saved.name, version: saved.version } },
          }
        }
        return back
      } catch (error) {
        // Two clicks, or another window: the page shows the current state.
        if (!(error instanceof Problem) || error.kind !== 'Conflict') throw error
        return { ...back, notice: { key: 'imports.stands-already' } }
      }
    },
    title: (data) => data.name,
    trail: (_data, { say }) => [{ label: say('imports.title'), href: '/import' }],
    refresh: (data) => (data.state === 'waiting' || data.state === 'running' ? 2 : undefined),
    view: runView,
  })

const profilePage = page<never>({
  path: '/import/:run/profile',
  policy,
  load: async (ctx, { params }) => {
    const run = await getRun(ctx, params.run ?? '')
    if (!run.profile) return { redirect: `/import/${run.id}/columns` }
    return {
      download: `${run.profile.name}.json`,
      type: 'application/json; charset=utf-8',
      body: `${JSON.stringify(run.profile, null, 2)}\n`,
    }
  },
  title: () => '',
  view: () => null,
})

export const importPages = (offers: AllOffers): readonly PageDefinition[] => [
  startPage,
  ...mapPages(offers),
  profilePage,
  runPage(offers),
]
