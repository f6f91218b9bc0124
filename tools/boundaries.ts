/**
 * Checks who imports whom: `node tools/boundaries.ts [--least 50]`. Before trusting a clean result it plants one
 * violation of every rule in a small code base outside the tree and expects each to be found, because a cruise that
 * reads nothing also finds nothing. With fewer files than `--least`, the code cannot have been read.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { ICruiseResult, IModule } from 'dependency-cruiser'
import { boundaryRules, roles, topRoles } from './boundary-rules.ts'
import { brokenModules, plantedFiles } from './boundary-samples.ts'

// dependency-cruiser reads TypeScript through the compiler's API, which TypeScript 7 does not have (it would read
// nothing and find nothing). Version 6 is installed under another name and given to dependency-cruiser alone.
registerHooks({
  resolve(specifier, context, nextResolve) {
    const asked = /^typescript(?=$|\/)/.test(specifier) && /\/dependency-cruiser\//.test(context.parentURL ?? '')
    return nextResolve(asked ? specifier.replace(/^typescript/, 'typescript-6') : specifier, context)
  },
})
const { cruise } = await import('dependency-cruiser')

type Expected = { file: string; breaks: readonly string[] }
type Breach = { rule: string; file: string; detail: string }

const { values } = parseArgs({ options: { least: { type: 'string', default: '50' } } })
const root = resolve(import.meta.dirname, '..')

const ownRules: [string, string][] = [
  ['anatomy-names', 'every file of a module says by its name what it may import'],
  ['anatomy-top', 'there is one index.ts, one module.ts and one records.ts, at the top of the module'],
  ['no-door-cycles', 'offer a panel or a work item in the manifest instead, and let main compose it'],
]
const comments = new Map([...boundaryRules.map((rule) => [rule.name, rule.comment] as const), ...ownRules])
const blind = await plantedBreaches()
const { breaches, count } = await breachesOf(root, ['src', 'test', 'tools', 'bench'])
for (const line of blind) console.error(line)
for (const { rule, file, detail } of breaches) {
  console.error(`${file}: ${detail}\n    ${rule}${comments.has(rule) ? `: ${comments.get(rule)}` : ''}`)
}
if (count < Number(values.least)) console.error(`only ${count} files were read, expected at least ${values.least}`)
console.log(`boundaries: ${count} files, ${breaches.length} breaches, ${plantedFiles.length} planted files`)
process.exitCode = blind.length + breaches.length > 0 || count < Number(values.least) ? 1 : 0

/** Every rule violation under `base`, and how many of our own files were read. */
async function breachesOf(base: string, folders: string[]): Promise<{ breaches: Breach[]; count: number }> {
  const { output } = await cruise(
    folders,
    {
      baseDir: base,
      validate: true,
      ruleSet: { forbidden: boundaryRules },
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '^src/modules/[^/]+/islands/dist/' },
      tsPreCompilationDeps: true,
    },
    {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  )
  const { modules, summary } = output as ICruiseResult
  const files = modules.filter(({ source }) => /^(?:src|test|tools|bench)\/.+\.tsx?$/.test(source))
  const breaches = summary.violations.map(({ rule, from, to, cycle }) => ({
    rule: rule.name,
    file: from,
    detail: cycle ? cycle.map(({ name }) => name).join(' → ') : `imports ${to}`,
  }))
  breaches.push(...files.flatMap(({ source }) => withoutRole(source)), ...doorCycles(modules))
  return { breaches, count: files.length }
}

/**
 * A module file with no place in the anatomy, so that no rule would apply: a place is a role at the top of the module,
 * or a role in the folder of a topic.
 */
function withoutRole(file: string): Breach[] {
  const inside = /^src\/modules\/[^/]+\/(.+)$/.exec(file)?.[1]?.split('/')
  if (!inside || isTest(file)) return []
  const inTopic = inside.length > 1 && !(inside[0]! in roles)
  const [first = '', ...rest] = inTopic ? inside.slice(1) : inside
  const role = rest.length > 0 ? (first in roles ? first : undefined) : roleOf(first)
  if (role === undefined) {
    const detail = `has no role: name it role-something.ts, role being one of ${Object.keys(roles).join(', ')}`
    return [{ rule: 'anatomy-names', file, detail }]
  }
  return inTopic && topRoles.includes(role)
    ? [{ rule: 'anatomy-top', file, detail: `is ${role} of a topic, which has none` }]
    : []
}

function roleOf(name: string): string | undefined {
  return Object.keys(roles).find((role) => new RegExp(`^${role}(?:-[^/]+)?\\.tsx?$`).test(name))
}

/** Modules that form a cycle through their doors, although no files do. */
function doorCycles(modules: readonly IModule[]): Breach[] {
  const reaches = new Map<string, Set<string>>()
  for (const { source, dependencies } of modules) {
    const from = moduleOf(source)
    if (from === undefined || isTest(source)) continue
    for (const { resolved } of dependencies) {
      const to = moduleOf(resolved)
      if (to !== undefined && to !== from) reaches.set(from, (reaches.get(from) ?? new Set()).add(to))
    }
  }
  const found: Breach[] = []
  for (const start of reaches.keys()) {
    const path = pathBack(start)
    if (path && start === path.toSorted()[0]) {
      found.push({ rule: 'no-door-cycles', file: `src/modules/${start}`, detail: [...path, start].join(' → ') })
    }
  }
  return found

  function pathBack(start: string): string[] | undefined {
    const seen = new Set<string>()
    const queue = [[start]]
    for (let path = queue.shift(); path; path = queue.shift()) {
      for (const next of reaches.get(path.at(-1) ?? '') ?? []) {
        if (next === start) return path
        if (!seen.has(next)) queue.push([...path, next])
        seen.add(next)
      }
    }
    return undefined
  }
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file)
}

function moduleOf(file: string): string | undefined {
  return /^src\/modules\/([^/]+)\//.exec(file)?.[1]
}

/**
 * Builds the small code base with one violation of each rule; returns a line for every rule that was blind or too
 * strict.
 */
async function plantedBreaches(): Promise<string[]> {
  const house = mkdtempSync(join(tmpdir(), 'planted-house-'))
  try {
    cpSync(join(root, 'package.json'), join(house, 'package.json'))
    for (const { file, text } of plantedFiles) {
      mkdirSync(dirname(join(house, file)), { recursive: true })
      writeFileSync(join(house, file), text)
    }
    const { breaches } = await breachesOf(house, ['src', 'test'])
    return [...missed(breaches, [...plantedFiles, ...brokenModules]), ...unplanted([...plantedFiles, ...brokenModules])]
  } finally {
    rmSync(house, { recursive: true, force: true })
  }
}

function missed(breaches: readonly Breach[], planted: readonly Expected[]): string[] {
  const found = new Set(breaches.map(({ rule, file }) => `${rule} ${file}`))
  const expected = new Set(planted.flatMap(({ file, breaks }) => breaks.map((rule) => `${rule} ${file}`)))
  return [
    ...[...expected.difference(found)].map((entry) => `a planted violation was not found: ${entry}`),
    ...[...found.difference(expected)].map((entry) => `an allowed import was refused in the planted house: ${entry}`),
  ]
}

function unplanted(planted: readonly Expected[]): string[] {
  const covered = new Set(planted.flatMap(({ breaks }) => breaks))
  return [...comments.keys()].flatMap((name) =>
    name && !covered.has(name) ? [`no violation is planted for ${name}`] : [],
  )
}
