/**
 * Who may import whom, as dependency-cruiser rules: the arrows `main → modules → pages → (web, platform, analysis) →
 * values → kernel`, the doors between modules, and what each file of a module may import. `tools/boundaries.ts` applies
 * them.
 */
import type { IForbiddenRuleType } from 'dependency-cruiser'

const tests = '\\.test\\.tsx?$'

/** Which other layers a layer may import; anything not listed is refused. */
const arrows: Record<string, readonly string[]> = {
  kernel: [],
  values: ['kernel'],
  analysis: ['values', 'kernel'],
  platform: ['values', 'kernel'],
  web: ['values', 'kernel'],
  pages: ['web', 'platform', 'analysis', 'values', 'kernel'],
  modules: ['pages', 'web', 'platform', 'analysis', 'values', 'kernel'],
  main: ['modules', 'pages', 'web', 'platform', 'analysis', 'values', 'kernel'],
}

/** Contracts of the platform that a module's declarations are written in; plain types and small functions. */
const contracts = [
  'module',
  'page',
  'policy',
  'context',
  'caller',
  'verb',
  'finding',
  'offer',
  'row-form',
  'figure',
  'derived',
]

type Role = {
  /** Files of the same module, by role. */
  own?: readonly string[] | 'all'
  /** Layers reached freely; kernel and the platform's contracts are open to every role but `records`. */
  layers?: readonly string[]
  /** Other modules through `#modules/name`. */
  doors?: boolean
  /** Types from anywhere in its own module and from the doors. */
  types?: boolean
  /** Declarations only: neither neighbours nor the platform's contracts. */
  declares?: boolean
}

/**
 * The anatomy of a module. A role is the file `role.ts`, any `role-something.ts`, or the folder `role/`. A module of
 * more than about 25 files may keep one folder for each topic with the same roles in it: `benefits/map/queries.ts`.
 */
export const roles: Record<string, Role> = {
  index: { own: 'all' },
  module: { own: 'all' },
  records: { own: ['records'], declares: true },
  rules: { own: ['records', 'rules'], layers: ['analysis'] },
  policy: { own: ['records', 'policy'] },
  // Derived tables, declared.
  derived: { own: ['records', 'rules', 'queries', 'derived'], layers: ['platform'], doors: true },
  queries: { own: ['records', 'rules', 'queries', 'derived'], layers: ['platform', 'analysis'], doors: true },
  actions: {
    own: ['records', 'rules', 'policy', 'queries', 'actions'],
    layers: ['platform', 'analysis'],
    doors: true,
  },
  findings: { own: ['records', 'rules', 'queries', 'findings'] },
  figures: { own: ['records', 'rules', 'queries', 'figures'], layers: ['platform'] },
  exchange: { own: ['records', 'queries', 'actions', 'exchange'], layers: ['platform'] },
  routes: { own: ['queries', 'actions', 'exchange', 'policy', 'routes'], layers: ['platform'] },
  pages: {
    own: ['records', 'rules', 'queries', 'actions', 'policy', 'views', 'lists', 'findings', 'pages'],
    layers: ['platform', 'pages'],
    doors: true,
  },
  // What a room's lists are, as data; what they compute is in queries, what it is called in pages.
  lists: {
    own: ['records', 'rules', 'queries', 'pages', 'views', 'lists'],
    layers: ['platform', 'pages', 'web'],
  },
  views: { own: ['views'], layers: ['web', 'pages'], types: true },
  jobs: { own: ['queries', 'actions', 'jobs'], layers: ['platform'] },
  events: { own: ['records', 'queries', 'actions', 'events'], layers: ['platform'] },
  islands: { own: ['islands'], layers: ['web'], types: true },
  samples: {
    own: ['records', 'rules', 'queries', 'actions', 'exchange', 'samples'],
    layers: ['platform', 'analysis'],
  },
}

/** Files that exist once per module: at the top, in no topic. */
export const topRoles = ['index', 'module', 'records']

/** Folders of rooms: the listed ones, and the one that the guide shows. */
const roomFolders = '(?:src/modules|test/guide)'

/** The folder of a topic: any that is not the folder of a role. */
const topic = `(?!(?:${Object.keys(roles).join('|')})/)[^/]+`

/**
 * Path pattern of a role inside the module `module` (a pattern itself, often the back reference `$1`), in any topic.
 */
function filesOf(role: string, module: string): string {
  return `^${roomFolders}/${module}/(?:${role}|${topic}/${role})(?:\\.tsx?$|-|/)`
}

function anatomyRule([role, { own = [], layers = [], doors, types, declares }]: [string, Role]): IForbiddenRuleType {
  const reachable = [
    '^src/kernel/',
    '^src/values/',
    ...layers.map((layer) => `^src/${layer}/`),
    `^${roomFolders}/$1/.+\\.json$`,
  ]
  if (own === 'all') reachable.push(`^${roomFolders}/$1/`)
  else reachable.push(...own.map((other) => filesOf(other, '$1')))
  if (doors) reachable.push('^src/modules/[^/]+/index\\.ts$')
  if (!declares) reachable.push(`^src/platform/(?:${contracts.join('|')})\\.ts$`)
  return {
    name: `anatomy-${role}`,
    severity: 'error',
    comment: `${role} may import: ${describe({ own, layers, doors, types, declares })}`,
    from: { path: filesOf(role, '([^/]+)'), pathNot: tests },
    to: { path: '^(?:src|test/guide)/', pathNot: reachable, ...(types ? { dependencyTypesNot: ['type-only'] } : {}) },
  }
}

function describe({ own, layers = [], doors, types, declares }: Role): string {
  const parts = [own === 'all' ? 'all files of its module' : `own ${own?.join(', ')}`, 'kernel', ...layers]
  if (doors) parts.push('doors of other modules')
  if (types) parts.push('types')
  if (!declares) parts.push(`#platform/{${contracts.join(',')}}.ts`)
  return parts.join('; ')
}

export const boundaryRules: IForbiddenRuleType[] = [
  ...Object.entries(arrows).map(
    ([layer, reachable]): IForbiddenRuleType => ({
      name: `arrows-${layer}`,
      severity: 'error',
      comment: `${layer} may import: ${[layer, ...reachable].join(', ')}`,
      from: { path: `^src/${layer}/` },
      to: { path: '^src/', pathNot: [layer, ...reachable].map((other) => `^src/${other}/`) },
    }),
  ),
  ...Object.entries(roles).map(anatomyRule),
  {
    name: 'doors-only',
    severity: 'error',
    comment: 'a module reaches another only through its door: import from #modules/name',
    from: { path: '^src/modules/([^/]+)/' },
    to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
  },
  {
    name: 'doors-by-name',
    severity: 'error',
    comment: 'write #modules/name, not a relative path into another module',
    from: { path: '^src/modules/([^/]+)/' },
    to: {
      path: '^src/modules/[^/]+/index\\.ts$',
      pathNot: '^src/modules/$1/',
      dependencyTypesNot: ['aliased-subpath-import'],
    },
  },
  {
    name: 'platform-doors',
    severity: 'error',
    comment: 'what lies in a folder of the platform is reached through its door: import from #platform/NAME/index.ts',
    from: { path: '^(?!src/platform/[^/]+/)', pathNot: tests },
    to: { path: '^src/platform/[^/]+/', pathNot: ['^src/platform/[^/]+/index\\.ts$', '\\.json$'] },
  },
  {
    name: 'platform-doors-within',
    severity: 'error',
    comment: 'folders of the platform reach each other through their doors, too: import from ../NAME/index.ts',
    from: { path: '^src/platform/([^/]+)/', pathNot: tests },
    to: {
      path: '^src/platform/[^/]+/',
      pathNot: ['^src/platform/$1/', '^src/platform/[^/]+/index\\.ts$', '\\.json$'],
    },
  },
  {
    name: 'overview-names-no-room',
    severity: 'error',
    comment: 'the front room takes what the others offer and find in their manifests',
    from: { path: '^src/modules/overview/', pathNot: tests },
    to: { path: '^src/modules/', pathNot: '^src/modules/overview/' },
  },
  {
    name: 'imports-names-no-room',
    severity: 'error',
    comment: 'the room imports takes what the others offer in their manifests',
    from: { path: '^src/modules/imports/', pathNot: tests },
    to: { path: '^src/modules/', pathNot: '^src/modules/imports/' },
  },
  {
    name: 'no-room-names-imports',
    severity: 'error',
    comment:
      'a room offers what tables can become in its manifest; the door of imports is for main, tests and benchmarks',
    from: { path: '^src/modules/(?!imports/)', pathNot: tests },
    to: { path: '^src/modules/imports/' },
  },
  {
    name: 'manifest-for-main-only',
    severity: 'error',
    comment: 'module.ts is read by main (and by tests)',
    from: { path: '^src/(?!main/)', pathNot: tests },
    to: { path: '^src/modules/[^/]+/module\\.ts$' },
  },
  {
    name: 'main-knows-manifests',
    severity: 'error',
    comment: 'main reads a module through module.ts or its door',
    from: { path: '^src/main/', pathNot: tests },
    to: { path: '^src/modules/', pathNot: '^src/modules/[^/]+/(?:module|index)\\.ts$' },
  },
  {
    name: 'pure-stays-pure',
    severity: 'error',
    comment: 'kernel, values, analysis, records, rules and policy do no input or output: nothing of Node',
    from: {
      path: [
        '^src/(?:kernel|values|analysis)/',
        ...['records', 'rules', 'policy'].map((role) => filesOf(role, '[^/]+')),
      ],
      pathNot: tests,
    },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'no-late-imports',
    severity: 'error',
    comment: 'import at the top of the file; only browser code, and what starts the program, loads parts later',
    from: { path: '^src/', pathNot: [tests, '/islands/', '^src/main/[^/]+\\.mjs$'] },
    to: { dynamic: true },
  },
  {
    name: 'no-cycles',
    severity: 'error',
    comment: 'a cycle has no order in which to read it; types count too',
    from: { path: '^(?:src|test|tools|bench)/' },
    to: { circular: true },
  },
  {
    name: 'no-tests-in-product',
    severity: 'error',
    comment: 'what ships does not import tests, the test kit, tools or benchmarks',
    from: { path: '^src/', pathNot: tests },
    to: { path: [tests, '^(?:test|tools|bench)/'] },
  },
  {
    name: 'no-development-packages',
    severity: 'error',
    comment: 'what ships needs the package in dependencies, not devDependencies',
    from: { path: '^src/', pathNot: tests },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'resolvable',
    severity: 'error',
    comment: 'nothing is there: write the extension, and #layer/file.ts for another layer',
    from: {},
    to: { couldNotResolve: true },
  },
]
