/** The list of rooms, and the registry made from them. */
import { join } from 'node:path'
import { codeList } from '#kernel/fields/code.ts'
import { createRegistry, type Registry } from '#kernel/registry.ts'
import { createWords, type Language } from '#kernel/words.ts'
import { offersOf } from '#modules/imports'
import { recommendations, recommendationWords } from '#modules/standard'
import figuresEn from '#pages/figures/words/en.json' with { type: 'json' }
import figuresZhHans from '#pages/figures/words/zh-Hans.json' with { type: 'json' }
import { findingsRoom } from '#pages/findings/index.ts'
import { verificationRoom } from '#pages/verification/index.ts'
import recordEn from '#pages/words/en.json' with { type: 'json' }
import recordZhHans from '#pages/words/zh-Hans.json' with { type: 'json' }
import { csvFormat, jsonFormat, jsonLdFormat, workbookFormat } from '#platform/exchange/index.ts'
import exchangeEn from '#platform/exchange/words/en.json' with { type: 'json' }
import exchangeZhHans from '#platform/exchange/words/zh-Hans.json' with { type: 'json' }
import { type Figure, figureWord } from '#platform/figure.ts'
import { checkFigures } from '#platform/figures/index.ts'
import importsEn from '#platform/imports/words/en.json' with { type: 'json' }
import importsZhHans from '#platform/imports/words/zh-Hans.json' with { type: 'json' }
import type { Manifest } from '#platform/module.ts'
import type { Exchange } from '#platform/page.ts'
import { createPolicies, type Policies } from '#platform/policy.ts'
import tabularEn from '#platform/tabular/words/en.json' with { type: 'json' }
import tabularZhHans from '#platform/tabular/words/zh-Hans.json' with { type: 'json' }
import platformEn from '#platform/words/en.json' with { type: 'json' }
import platformZhHans from '#platform/words/zh-Hans.json' with { type: 'json' }
import webEn from '#web/words/en.json' with { type: 'json' }
import webZhHans from '#web/words/zh-Hans.json' with { type: 'json' }
import { benefits } from '../modules/benefits/module.ts'
import { directory } from '../modules/directory/module.ts'
import { identity } from '../modules/identity/module.ts'
import { imports } from '../modules/imports/module.ts'
import { indicators } from '../modules/indicators/module.ts'
import { overview } from '../modules/overview/module.ts'
import { strategy } from '../modules/strategy/module.ts'
import { checkNamedActions } from './named-actions.ts'
import { people } from './people.ts'
import mainEn from './words/en.json' with { type: 'json' }
import simulationEn from './words/simulation-en.json' with { type: 'json' }
import simulationZhHans from './words/simulation-zh-Hans.json' with { type: 'json' }
import mainZhHans from './words/zh-Hans.json' with { type: 'json' }

const rooms: readonly Manifest[] = [directory, identity, strategy, indicators, benefits]

/** What tables may become, from all rooms. */
export const importOffers = offersOf(rooms)

/** These rooms, and those composed of what they offer. */
const composed = (all: readonly Manifest[]): readonly Manifest[] => [
  overview(all),
  ...all,
  imports(offersOf(all)),
  verificationRoom(all),
  // Last, because its subscriber judges what those of the rooms have derived.
  findingsRoom(all, people),
]

/** Secrets kept beside records, of all rooms. */
export const secrets = rooms.flatMap((room) => room.secrets ?? [])

/** Every room, including those composed of what the others offer. */
export const modules = composed(rooms)

/** The house with further rooms, for tests. */
export const modulesWith = (further: readonly Manifest[]): readonly Manifest[] => composed([...rooms, ...further])

/** Folders with migrations and published views, the records first. */
export const foldersOf = (all: readonly Manifest[]): Array<{ readonly module: string; readonly folder: string }> => [
  { module: 'records', folder: join(import.meta.dirname, '../platform/records') },
  { module: 'imports', folder: join(import.meta.dirname, '../platform/imports') },
  { module: 'figures', folder: join(import.meta.dirname, '../platform/figures') },
  ...all.map((module) => ({ module: module.name, folder: module.folder })),
]
export const migrationFolders = foldersOf(modules)

/** The figures of all rooms, in the order of the rooms. */
export const figuresOf = (rooms: readonly Manifest[] = modules): readonly Figure[] =>
  rooms.flatMap((module) => module.figures ?? [])

/** Fields that name a figure are of `code('figure')`. */
codeList('figure', { terms: figuresOf().map(({ id }) => id), named: 'words', word: figureWord })

/** Formats in which content is exported and imported. */
export const exchange: Exchange = {
  formats: [workbookFormat, csvFormat, jsonFormat, jsonLdFormat, ...modules.flatMap((module) => module.formats ?? [])],
  rowReaders: new Map(modules.flatMap((module) => [...(module.rowReaders ?? [])])),
  without: ['identity.account'],
}

const sharedWords: Array<Record<Language, Record<string, string>>> = [
  { en: platformEn, 'zh-Hans': platformZhHans },
  { en: tabularEn, 'zh-Hans': tabularZhHans },
  { en: importsEn, 'zh-Hans': importsZhHans },
  { en: exchangeEn, 'zh-Hans': exchangeZhHans },
  { en: webEn, 'zh-Hans': webZhHans },
  { en: mainEn, 'zh-Hans': mainZhHans },
  { en: recordEn, 'zh-Hans': recordZhHans },
  recommendationWords,
  { en: figuresEn, 'zh-Hans': figuresZhHans },
  { en: simulationEn, 'zh-Hans': simulationZhHans },
]

/** Joins the declarations of all rooms; throws, naming whatever does not fit. */
export function composeRegistry(
  language: Language = 'en',
  rooms: readonly Manifest[] = modules,
): { registry: Registry; policies: Policies } {
  const registry = createRegistry({
    kinds: rooms.flatMap((module) => module.kinds ?? []),
    checks: rooms.flatMap((module) => module.checks ?? []),
    rowChecks: rooms.flatMap((module) => module.rowChecks ?? []),
    verbs: rooms.flatMap((module) => module.verbs ?? []),
    blocks: rooms.flatMap((module) => module.blocks ?? []),
    words: createWords([...sharedWords, ...rooms.map((module) => module.words)]),
    language,
    wellKnown: { organisation: 'directory.organisation', post: 'directory.post', plan: 'strategy.plan' },
  })
  checkFigures(figuresOf(rooms), {
    kinds: new Set(registry.kinds.keys()),
    recommendations: new Set(recommendations.map(({ id }) => id)),
  })
  checkNamedActions(rooms)
  const policies = createPolicies(rooms.flatMap((module) => module.policy ?? []))
  return { registry, policies }
}
