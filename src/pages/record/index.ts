/**
 * The pages every kind of record has: list, one record, forms, publishing, links, history; and the pages over all
 * kinds: search, the history of everything. A room that declares a page at one of these addresses replaces it.
 */

import { addressOf } from '#kernel/projections/endpoints.ts'
import { moduleOf } from '#kernel/record.ts'
import type { Registry } from '#kernel/registry.ts'
import type { Manifest } from '#platform/module.ts'
import type { PageDefinition } from '#platform/page.ts'
import { listPagesFor } from '../list/pages-of-kind.ts'
import { rowPages, tableForms } from '../rows/index.ts'
import { changeSetPage, ledgerPage } from './change-set.ts'
import { downloadPlanPage } from './download.ts'
import { editPage, newPage } from './form.ts'
import { historyPage } from './history.ts'
import type { KindPages } from './kind-pages.ts'
import { linkedPage } from './links.ts'
import { publishPage } from './publish.ts'
import { searchPage } from './search.ts'
import { showPage } from './show.ts'

/** Two addresses that differ only in parameter names are the same. */
const shapeOf = (path: string) => path.replaceAll(/:\w+/g, ':')

export function recordPages(registry: Registry, manifests: readonly Manifest[]): PageDefinition[] {
  const taken = new Set(manifests.flatMap((manifest) => (manifest.pages ?? []).map((each) => shapeOf(each.path))))
  const rules = manifests.flatMap((manifest) => manifest.policy ?? [])
  const covered = (action: string, kind: string) =>
    rules.some((rule) => rule.actions.includes(action) && (rule.kinds.includes(kind) || rule.kinds.includes('*')))
  const pages = [...registry.kinds.values()].flatMap((known): PageDefinition[] => {
    const kind = known.declaration
    const navigation = manifests.find((manifest) => manifest.name === moduleOf(kind.kind))?.navigation ?? []
    const base = addressOf(kind)
    const entry = navigation.find((each) => each.href === base) ?? navigation[0]
    const one: KindPages = {
      known,
      kind,
      base,
      section: entry?.section,
      panels: manifests.flatMap((manifest) => (manifest.panels ?? []).filter((panel) => panel.on === kind.kind)),
      tables: tableForms(kind, { base, section: entry?.section }, manifests),
    }
    return [
      ...listPagesFor(registry, manifests, kind, entry?.section),
      ...(covered('create', kind.kind) ? [newPage(one)] : []),
      showPage(one),
      ...(covered('change', kind.kind) ? [editPage(one)] : []),
      ...(covered('publish', kind.kind) ? [publishPage(one)] : []),
      ...(kind.kind === registry.wellKnown.plan ? [downloadPlanPage(one)] : []),
      linkedPage(one),
      historyPage(one, manifests),
      ...rowPages(one.tables),
    ]
  })
  return [...pages, searchPage, ledgerPage, changeSetPage(manifests)].filter((each) => !taken.has(shapeOf(each.path)))
}
