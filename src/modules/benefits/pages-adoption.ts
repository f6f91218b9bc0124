/** Adoption of a business change, on its page. */
import { may } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { panel } from '#platform/module.ts'
import { countWriter } from './pages-summary.ts'
import { adoptionOf, type BusinessChange, isAdopted } from './queries-adoption.ts'
import { change } from './records.ts'
import { type AdoptionPanel, adoptionPanelView } from './views/adoption.tsx'

export const adoptionPanel = panel<AdoptionPanel, BusinessChange>({
  on: change.kind,
  place: 'lead',
  load: async (ctx, record) => {
    const rows = await adoptionOf(ctx, record.id)
    const { say, plain, href, day, choice } = presenterOf(ctx)
    const enter = may(ctx, 'rows.adoption', record) ? `${href(change.kind, record.code)}/adoption` : null
    if (rows.length === 0 && enter === null) return null
    const write = countWriter(ctx, record.adoptionUnit)
    const newest = rows.at(-1)
    const reached = newest ? isAdopted(record, newest.value) : null
    return {
      standing: !newest ? 'none' : reached === null ? 'open' : reached ? 'reached' : 'short',
      sentence: newest
        ? say('benefits.adoption.newest', {
            value: write(newest.value),
            day: day(newest.on),
            target: record.adoptionTarget === null ? '' : write(record.adoptionTarget),
            asked: record.adoptionTarget === null ? 'no' : 'yes',
          })
        : say('benefits.adoption.none'),
      rows: rows.toReversed().map((row) => ({
        day: day(row.on),
        value: write(row.value),
        status: choice(change.kind, 'adoption.status', row.status),
        note: plain(row.note),
      })),
      enter,
    }
  },
  view: adoptionPanelView,
})
