/** Everything that follows from the declared findings of all rooms, as one room without a folder of its own. */
import { join } from 'node:path'
import type { RecordBase } from '#kernel/record.ts'
import { isSignedIn } from '#platform/caller.ts'
import type { Context } from '#platform/context.ts'
import type { Finding } from '#platform/finding.ts'
import { isCurrent, listFindings, markStale, refreshRegister } from '#platform/findings/index.ts'
import { type JobDefinition, type Manifest, type Panel, panel, type Subscriber } from '#platform/module.ts'
import type { People } from '#platform/people.ts'
import { type FindingPanelView, findingPanelView } from '#web/finding-pages/panel.tsx'
import { findingRoutes } from './api.ts'
import { itemsOf } from './items.ts'
import { registerPage, roomPage } from './pages.ts'

export { stepsOf, workOf } from './groups.ts'

/** A batch of events as large as this is followed by another: the register is made once, after the last. */
const wholeBatch = 1000

/** What is to be settled about a record, on its page. */
const panelOn = (kind: string, findings: readonly Finding[]): Panel =>
  panel<FindingPanelView, RecordBase>({
    on: kind,
    place: 'task',
    load: async (ctx, record) => {
      if (!isSignedIn(ctx.caller)) return null
      const { rows } = await listFindings(ctx, findings, { record: record.id }, { limit: 20 })
      const items = await itemsOf(ctx, findings, rows)
      return items.length === 0 ? null : { record: record.code, items }
    },
    view: findingPanelView,
  })

/** The pages, panels, endpoint and background work of the findings that these rooms declare. */
export function findingsRoom(rooms: readonly Manifest[], people: Pick<People, 'filled'>): Manifest {
  const findings = rooms.flatMap((room) => room.findings ?? [])
  const twice = findings.find((each, index) => findings.findIndex(({ key }) => key === each.key) !== index)
  if (twice) throw new Error(`The finding ${twice.key} is declared twice.`)
  const kinds = rooms.flatMap((room) => (room.kinds ?? []).map(({ kind }) => kind))
  const shown = findings.some((each) => each.kinds === 'any')
    ? kinds
    : kinds.filter((kind) => findings.some((each) => each.kinds.includes(kind)))
  for (const { key, kinds: about } of findings)
    for (const kind of about === 'any' ? [] : about)
      if (!kinds.includes(kind)) throw new Error(`The finding ${key} is about ${kind}, which no module declares.`)
  const refresh = (ctx: Context) => refreshRegister(ctx, { findings, people })
  const subscriber: Subscriber = {
    name: 'findings.register',
    handle: async (ctx, entries) => {
      await (entries.length < wholeBatch ? refresh(ctx) : markStale(ctx))
    },
  }
  const job: JobDefinition = {
    name: 'findings.register',
    cron: '*/5 * * * *',
    atStart: true,
    handle: async (ctx) => {
      if (await isCurrent(ctx)) return
      await ctx.database.kysely.transaction().execute((tx) => refresh({ ...ctx, db: tx }))
    },
  }
  return {
    name: 'findings',
    folder: join(import.meta.dirname, '../../platform/findings'),
    pages: [
      registerPage(findings),
      ...rooms.flatMap((room) =>
        room.findings?.length ? [roomPage(room.name, room.navigation?.[0]?.section, findings)] : [],
      ),
    ],
    panels: shown.map((kind) => panelOn(kind, findings)),
    routes: findingRoutes(findings),
    subscribers: [subscriber],
    jobs: [job],
    navigation: [
      { section: 'overview', label: 'finding.register.title', href: '/findings', order: 35, policy: 'signed in' },
    ],
    words: { en: {}, 'zh-Hans': {} },
  }
}
