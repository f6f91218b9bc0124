/** The pages of the lists of a kind: the one at its own address, those that rooms declare elsewhere, their files. */
import { addressOf } from '#kernel/projections/endpoints.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { Registry } from '#kernel/registry.ts'
import type { Manifest } from '#platform/module.ts'
import { type PageDefinition, unseenPage } from '#platform/page.ts'
import { downloadListPage } from '../record/download.ts'
import { listActsPage } from './act-page.ts'
import { assertList, type List } from './declare.ts'
import { shownDownload } from './download.ts'
import { listPage } from './page.ts'
import { usualList } from './usual.ts'

/** What `list` made; nothing else can be in a manifest. */
const declaredFor = (manifests: readonly Manifest[], kind: RecordKind): List[] =>
  manifests.flatMap(
    ({ lists = [] }) => lists.filter((each) => each.kind.kind === kind.kind) as unknown as readonly List[],
  )

export function listPagesFor(
  registry: Registry,
  manifests: readonly Manifest[],
  kind: RecordKind,
  section: string | undefined,
): PageDefinition[] {
  const base = addressOf(kind)
  const declared = declaredFor(manifests, kind)
  for (const list of declared) assertList(list, registry.kinds)
  const own = declared.find(({ path }) => path === base)
  // A list that anybody may open elsewhere is the list of the kind; its own address leads there.
  const instead = own ? undefined : declared.find(({ policy }) => policy === 'anyone')
  const all = [...declared, ...(own || instead ? [] : [usualList(kind, registry.wellKnown.organisation)])]
  return [
    ...all.flatMap((list) => [
      listPage(list, section),
      ...(list.acts?.length === 0 ? [] : [listActsPage(list, section)]),
      shownDownload(list),
      downloadListPage(list),
    ]),
    ...(instead ? [leading(base, instead.path)] : []),
  ]
}

const leading = (path: string, to: string): PageDefinition =>
  unseenPage({
    path,
    policy: 'anyone',
    load: async (_ctx, { query }) => {
      const question = new URLSearchParams(query)
      return { redirect: question.size > 0 ? `${to}?${question}` : to }
    },
  })
