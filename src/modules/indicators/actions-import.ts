/**
 * Import of a table of indicators: a plan (one row for each indicator, years as columns) or series (one row for each
 * value). A mapping profile says what columns mean; nothing here knows any particular city's file.
 */

import { join } from 'node:path'
import type { ImportOffers, ImportSubject, TemplateTable } from '#platform/imports/index.ts'
import type { Profile } from '#platform/tabular/index.ts'
import type { IndicatorContent } from './actions-import-content.ts'
import { form } from './actions-import-form.ts'
import { ImportTally } from './actions-import-notes.ts'
import { RowReader } from './actions-import-read.ts'
import { IndicatorSteps } from './actions-import-steps.ts'
import { isTarget } from './actions-import-targets.ts'
import planProfile from './library/template-plan.profile.json' with { type: 'json' }
import seriesProfile from './library/template-series.profile.json' with { type: 'json' }
import sheets from './library/template-sheets.json' with { type: 'json' }
import { indicator } from './records.ts'

const template = (name: string, profile: unknown): TemplateTable => ({
  name,
  file: join(import.meta.dirname, `library/template-${name}.csv`),
  profile: profile as Profile,
  words: `indicators.template.${name}`,
})

const series: ImportSubject = {
  name: 'indicators.series',
  kind: indicator.kind,
  label: 'indicators.import.rows-indicators',
  title: 'indicator.title',
  names: ['organisation', 'plan', 'outcome', 'objective'],
  knows: isTarget,
  form,
  templates: [template('plan', planProfile), template('series', seriesProfile)],
  open: (table) => {
    const tally = new ImportTally()
    const reader = new RowReader(table, tally)
    const saving = new IndicatorSteps(table.profile, reader, table.find, tally)
    const { all } = table.mapped
    const wrong = ![...all].some(table.knows)
      ? 'no-targets'
      : !all.has('indicator.title') && !all.has('measurement.value')
        ? 'no-indicator'
        : null
    return {
      problems: wrong ? [{ row: null, column: null, code: `import.profile-${wrong}`, values: {} }] : [],
      read: (row, converted, keyOf) => reader.read(row, converted, keyOf),
      steps: saving.steps(),
      begin: () => {
        tally.partsWithParent = 0
        saving.begin()
      },
      notes: () => tally.notes(table.mapped, table.knows),
      shown: (content) => shown(content as IndicatorContent),
    }
  },
}

/** An indicator in the preview: its newest values and its target. */
function shown({ id, fields, measurements, targets }: IndicatorContent) {
  const [target] = targets
  const asked = target ? `${target.targetKind} ${target.value ?? [target.low, target.high].join('–')}` : ''
  return {
    title: typeof fields.title === 'string' ? fields.title : id,
    values: measurements
      .slice(-3)
      .map((each) => `${each.label}${each.cell ? ` (${each.cell})` : ''}: ${each.value ?? ''}`)
      .join(' · '),
    count: measurements.length,
    more: [{ head: 'indicators.import.to.target.value', text: asked }],
  }
}

export const importOffers: ImportOffers = { subjects: [series], sheets }
