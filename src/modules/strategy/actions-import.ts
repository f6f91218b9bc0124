/**
 * What tables may say about plans, outcomes and objectives: rows of other rooms name them, and the workbook has sheets
 * for them.
 */
import { findCity } from '#modules/directory'
import type { ImportOffers, MappedTable, NamedRead, NamedRecords, TemplateSheet } from '#platform/imports/index.ts'
import { hashed, stagedKey, textOf } from '#platform/imports/index.ts'
import type { Values } from '#platform/tabular/index.ts'
import sheets from './library/template-sheets.json' with { type: 'json' }
import { objective, outcome, plan } from './records.ts'

const named = (group: string, names: readonly string[]) => names.map((name) => `${group}.${name}`)

/** Levels of a plan from the top down; a mapping uses those its file has. */
const levelNames = ['serviceArea', 'level1', 'level2', 'level3', 'level4', 'level5', 'level6', 'objective'] as const

/** A plan names at most this many levels. */
const maxLevels = 6

const levelsOf = ({ mapped }: MappedTable) =>
  levelNames.filter((level) => mapped.all.has(`${level}.title`) || mapped.all.has(`${level}.id`))

/** Names of the plan's levels, separated by `;`: from the mapping, else from their columns. */
function titlesOfLevels(table: MappedTable): string {
  const stated = textOf(table.profile.constants?.['plan.levels'])
  const titles = stated
    ? stated.split(/\s*[;；]\s*/).filter((name) => name !== '')
    : levelsOf(table).map((level) => table.mapped.columns.get(`${level}.title`)?.replace(/[;；\s]+/g, ' ') ?? level)
  return titles
    .slice(0, maxLevels)
    .map((title) => title.slice(0, 80))
    .join('; ')
}

/** A plan by its title; created if there is none. */
const plans: NamedRecords = {
  name: 'plan',
  kind: plan.kind,
  columns: named('plan', ['title', 'levels', 'from', 'to']),
  unknown: 'import.unknown-name',
  initial: async (ctx) => ({ organisation: (await findCity(ctx.db))?.organisation ?? null }),
  open: (table) => {
    const levels = titlesOfLevels(table)
    return {
      read: (values) => {
        const title = textOf(values['plan.title'])
        if (title === null) return []
        const [from, to] = [textOf(values['plan.from']), textOf(values['plan.to'])]
        const initial = { levels, from, to }
        return [{ key: title, content: { id: `plan/${title}`.slice(0, 200), title, named: false, initial } }]
      },
    }
  },
}

const outcomes: NamedRecords = {
  name: 'outcome',
  kind: outcome.kind,
  columns: named('outcome', ['title', 'id', 'description']),
  above: ['plan'],
  unknown: 'import.unknown-name',
  shown: 'above',
  open: () => ({
    read: (values, keyOf) => {
      const id = textOf(values['outcome.id'])
      const title = textOf(values['outcome.title'])
      if (title === null && id === null) return []
      const above = keyOf('plan')
      const key = stagedKey(id ?? `outcome/${hashed(above, title)}`)
      const content = {
        id: key,
        title: title ?? id!,
        named: id !== null && title !== null,
        texts: description(values, 'outcome'),
        ends: { plan: above === null ? null : { of: 'plan', key: above, initial: true } },
      }
      return [{ key, content }]
    },
  }),
}

const objectives: NamedRecords = {
  name: 'objective',
  kind: objective.kind,
  columns: ['title', 'id', 'description'].flatMap((name) =>
    [...levelNames].reverse().map((level) => `${level}.${name}`),
  ),
  levels: levelNames.length,
  above: ['plan', 'organisation', 'outcome'],
  links: ['under', 'contributesTo'],
  unknown: 'import.unknown-name',
  shown: 'above',
  open: (table) => {
    const levels = levelsOf(table)
    const homeless =
      levels.some((level) => table.mapped.all.has(`${level}.title`)) && !table.mapped.all.has('plan.title')
    return {
      problems: homeless ? [{ row: null, column: null, code: 'import.profile-no-plan', values: {} }] : [],
      read: (values, keyOf) => {
        const [plan, organisation, outcome] = [keyOf('plan'), keyOf('organisation'), keyOf('outcome')]
        const path: string[] = []
        const found: NamedRead[] = []
        for (const [level, name] of levels.entries()) {
          const stated = textOf(values[`${name}.title`])
          const id = textOf(values[`${name}.id`])
          const title = stated ?? id
          if (title === null) continue
          path.push(title)
          const key = stagedKey(id ?? `${name}/${hashed(plan, organisation, ...path)}`)
          const under = found.at(-1)?.key ?? null
          const content = {
            id: key,
            title,
            named: id !== null && stated !== null,
            known: stated === null,
            texts: description(values, name),
            initial: { level: level + 1 },
            ends: {
              plan: plan === null ? null : { of: 'plan', key: plan, initial: true },
              organisation: organisation === null ? null : { of: 'organisation', key: organisation },
              under: under === null ? null : { of: 'objective', key: under },
              contributesTo: under !== null || outcome === null ? null : { of: 'outcome', key: outcome },
            },
          }
          found.push({ key, level, content })
        }
        return found
      },
    }
  },
}

const description = (values: Values, name: string): Record<string, string> => {
  const text = textOf(values[`${name}.description`])
  return text === null ? {} : { description: text }
}

export const importOffers: ImportOffers = {
  named: [plans, outcomes, objectives],
  sheets: sheets as unknown as readonly TemplateSheet[],
}
