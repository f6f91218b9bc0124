/**
 * A small code base that breaks every boundary rule once, and obeys many; `tools/boundaries.ts` expects exactly these.
 */

/** `breaks` names the rules this file must be caught breaking; an empty list means that it must pass. */
export type PlantedFile = { file: string; text: string; breaks: readonly string[] }

function planted(file: string, lines: readonly string[], ...breaks: string[]): PlantedFile {
  return { file, text: `${[...lines, `export const here = '${file}'`].join('\n')}\n`, breaks }
}

function use(...specifiers: string[]): string[] {
  return specifiers.map(
    (specifier, index) => `import { here as other${index} } from '${specifier}'\nvoid other${index}`,
  )
}

function useType(specifier: string): string[] {
  return [`import type { here as typed } from '${specifier}'`, 'export type Typed = typeof typed']
}

const clean: PlantedFile[] = [
  planted('src/kernel/record.ts', []),
  planted('src/analysis/series.ts', use('#kernel/record.ts')),
  planted('src/platform/finding.ts', use('#kernel/record.ts')),
  planted('src/platform/policy.ts', use('#kernel/record.ts')),
  planted('src/platform/records/find.ts', use('#kernel/record.ts', '../policy.ts')),
  planted('src/platform/records/index.ts', use('./find.ts')),
  planted('src/platform/records/find.test.ts', use('./find.ts', '../http/server.ts')),
  planted('src/platform/http/server.ts', use('../records/index.ts')),
  { file: 'src/platform/words/en.json', text: '{}\n', breaks: [] },
  planted('src/web/parts.tsx', [...use('#kernel/record.ts'), 'export const part = <p>part</p>']),
  planted('src/pages/presenter.ts', use('#platform/records/index.ts', '#web/parts.tsx')),
  planted('src/modules/alpha/index.ts', use('./queries.ts')),
  planted('src/modules/alpha/records.ts', use('#kernel/record.ts')),
  planted('src/modules/alpha/rules.ts', use('./records.ts', '#analysis/series.ts')),
  planted('src/modules/alpha/findings.ts', use('./queries.ts', '#platform/finding.ts')),
  planted('src/modules/alpha/policy.ts', use('#platform/policy.ts')),
  planted('src/modules/alpha/queries.ts', use('./records.ts', '#platform/records/index.ts')),
  planted('src/modules/alpha/actions.ts', use('./rules.ts', './policy.ts', './queries.ts')),
  planted('src/modules/alpha/views/list.tsx', [
    ...use('#web/parts.tsx'),
    ...useType('../queries.ts'),
    'export const list = <p>list</p>',
  ]),
  planted('src/modules/alpha/lists.ts', use('./records.ts', './queries.ts', '#pages/presenter.ts')),
  planted('src/modules/alpha/pages.ts', use('./queries.ts', './views/list.tsx', '#pages/presenter.ts')),
  planted('src/modules/alpha/module.ts', use('./pages.ts', './actions.ts')),
  planted('src/modules/alpha/rules.test.ts', use('./actions.ts', '#test/kit.ts')),
  planted('src/modules/imports/index.ts', []),
  planted('src/modules/alpha/map/rules.ts', use('../records.ts', '../rules.ts', '#analysis/series.ts')),
  planted('src/modules/alpha/map/queries.ts', use('./rules.ts', '../queries.ts', '#platform/records/index.ts')),
  planted('src/modules/alpha/map/views/box.tsx', [...use('#web/parts.tsx'), 'export const box = <p>box</p>']),
  planted('src/modules/alpha/map/pages.ts', use('./queries.ts', './views/box.tsx')),
  planted('src/modules/alpha/queries-map.ts', use('./map/queries.ts')),
  planted('src/main/modules.ts', [
    ...use('../modules/alpha/module.ts', '#modules/alpha'),
    "import words from '#platform/words/en.json' with { type: 'json' }\nvoid words",
  ]),
  planted('src/main/start.mjs', ["await import('./modules.ts')"]),
  planted('test/kit.ts', use('../src/main/modules.ts')),
]

const broken: PlantedFile[] = [
  planted('src/values/reaches.ts', use('#analysis/series.ts'), 'arrows-values'),
  planted('src/kernel/reaches.ts', use('#platform/policy.ts'), 'arrows-kernel'),
  planted('src/kernel/reads.ts', ["import 'node:fs'"], 'pure-stays-pure'),
  planted('src/analysis/reaches.ts', use('#web/parts.tsx'), 'arrows-analysis'),
  planted('src/platform/reaches.ts', use('#modules/alpha'), 'arrows-platform'),
  planted('src/platform/packaged.ts', ["import 'vitest'"], 'no-development-packages'),
  planted('src/web/reaches.tsx', [...useType('#platform/policy.ts')], 'arrows-web'),
  planted(
    'src/web/late.ts',
    ["export const late = async () => (await import('#kernel/record.ts')).here"],
    'no-late-imports',
  ),
  planted('src/web/gone.ts', use('#kernel/gone.ts'), 'resolvable'),
  planted('src/web/tested.ts', use('#test/kit.ts'), 'no-tests-in-product'),
  planted('src/web/first.ts', use('./second.ts'), 'no-cycles'),
  planted('src/web/second.ts', useType('./first.ts')),
  planted('src/pages/reaches.ts', use('#modules/alpha'), 'arrows-pages'),
  planted('src/platform/climbs.ts', use('#pages/presenter.ts'), 'arrows-platform'),
  planted('src/platform/digs.ts', useType('./records/find.ts'), 'platform-doors'),
  planted('src/platform/http/digs.ts', use('../records/find.ts'), 'platform-doors-within'),
  planted('test/digs.ts', use('#platform/records/find.ts'), 'platform-doors'),
  planted('src/main/digs.ts', use('../modules/alpha/queries.ts'), 'main-knows-manifests'),
  planted('src/elsewhere.ts', []),
  planted('src/main/strays.ts', use('../elsewhere.ts'), 'arrows-main'),
  planted('src/modules/beta/extra.ts', [], 'anatomy-names'),
  planted('src/modules/beta/actions.ts', use('../../main/digs.ts'), 'arrows-modules', 'anatomy-actions'),
  planted('src/modules/beta/actions-digs.ts', use('../alpha/queries.ts'), 'doors-only', 'anatomy-actions'),
  planted('src/modules/beta/actions-walks.ts', use('../alpha/index.ts'), 'doors-by-name'),
  planted('src/modules/beta/queries.ts', use('./actions.ts'), 'anatomy-queries'),
  planted('src/modules/beta/queries-manifest.ts', use('./module.ts'), 'anatomy-queries', 'manifest-for-main-only'),
  planted('src/modules/beta/index.ts', use('#platform/records/index.ts'), 'anatomy-index'),
  planted('src/modules/beta/module.ts', use('#web/parts.tsx'), 'anatomy-module'),
  planted('src/modules/beta/records.ts', use('#platform/policy.ts'), 'anatomy-records'),
  planted('src/modules/beta/rules.ts', use('#platform/records/index.ts'), 'anatomy-rules'),
  planted('src/modules/beta/policy.ts', use('./rules.ts'), 'anatomy-policy'),
  planted('src/modules/beta/findings.ts', use('#platform/records/index.ts'), 'anatomy-findings'),
  planted('src/modules/beta/figures.ts', use('./policy.ts'), 'anatomy-figures'),
  planted('src/modules/beta/derived.ts', use('./policy.ts'), 'anatomy-derived'),
  planted('src/modules/beta/exchange-csv.ts', use('./rules.ts'), 'anatomy-exchange'),
  planted('src/modules/beta/routes.ts', use('#web/parts.tsx'), 'anatomy-routes'),
  planted('src/modules/beta/pages.ts', use('./figures.ts'), 'anatomy-pages'),
  planted('src/modules/beta/lists.ts', use('./actions.ts'), 'anatomy-lists'),
  planted('src/modules/beta/views/card.tsx', use('../policy.ts'), 'anatomy-views'),
  planted('src/modules/beta/jobs.ts', use('./rules.ts'), 'anatomy-jobs'),
  planted('src/modules/beta/events.ts', use('./rules.ts'), 'anatomy-events'),
  planted('src/modules/beta/islands/map.ts', use('../rules.ts'), 'anatomy-islands'),
  planted('src/modules/beta/samples.ts', use('./pages.ts'), 'anatomy-samples'),
  planted('src/modules/beta/map/rules.ts', use('./queries.ts'), 'anatomy-rules'),
  planted('src/modules/beta/map/rules-reads.ts', ["import 'node:fs'"], 'pure-stays-pure'),
  planted('src/modules/beta/map/queries.ts', use('../actions.ts'), 'anatomy-queries'),
  planted('src/modules/beta/map/views/box.tsx', use('../../policy.ts'), 'anatomy-views'),
  planted('src/modules/beta/map/boxes.ts', [], 'anatomy-names'),
  planted('src/modules/beta/map/inner/queries.ts', [], 'anatomy-names'),
  planted('src/modules/beta/map/records.ts', [], 'anatomy-top'),
  planted('src/modules/beta/queries-imports.ts', use('#modules/imports'), 'no-room-names-imports'),
  planted('src/modules/imports/queries.ts', use('#modules/alpha'), 'imports-names-no-room'),
  planted('src/modules/overview/queries.ts', use('#modules/alpha'), 'overview-names-no-room'),
  planted('src/modules/gamma/index.ts', use('./queries.ts')),
  planted('src/modules/gamma/queries.ts', []),
  planted('src/modules/gamma/actions.ts', use('#modules/delta')),
  planted('src/modules/delta/index.ts', use('./queries.ts')),
  planted('src/modules/delta/queries.ts', []),
  planted('src/modules/delta/actions.ts', use('#modules/gamma')),
  {
    file: 'node_modules/vitest/package.json',
    text: '{"name":"vitest","version":"1.0.0","main":"index.js"}\n',
    breaks: [],
  },
  { file: 'node_modules/vitest/index.js', text: '', breaks: [] },
]

/** Breaches that belong to a whole module, not to one of the files above. */
export const brokenModules = [{ file: 'src/modules/delta', breaks: ['no-door-cycles'] }]

export const plantedFiles: readonly PlantedFile[] = [...clean, ...broken]
