import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installedPackages, readDatabasePackage, recordedPackages } from './database-package.ts'
import { root } from './phases.ts'

test('the installed database holds what the bill of materials says, file by file', () => {
  // On a machine for which npm has no package there is nothing to compare; what is tested runs on one that has.
  for (const folder of installedPackages()) {
    const read = readDatabasePackage(folder)
    expect(recordedPackages().find((each) => each.package === read.package)).toEqual(read)
  }
  if (process.platform === 'linux') expect(installedPackages().length).toBeGreaterThan(0)
})

test('the bill of materials names the libraries in the database package with their versions', () => {
  type Component = { name: string; version: string; cpe?: string; components?: Component[] }
  const { components } = JSON.parse(readFileSync(join(root, 'docs/reference/sbom.cdx.json'), 'utf8')) as {
    components: Component[]
  }
  for (const recorded of recordedPackages()) {
    const inside = components.find(({ name }) => name === recorded.package)?.components ?? []
    expect(inside.map(({ name, version }) => ({ name, version }))).toEqual(
      recorded.inside.map(({ name, version }) => ({ name, version })),
    )
    for (const each of inside) expect(each.cpe).toMatch(/^cpe:2\.3:a:[a-z_-]+:[a-z0-9_]+:[\d.]+[a-z]*(:\*){7}$/)
    for (const name of ['postgresql', 'openssl', 'icu', 'libxml2', 'libxslt', 'zlib', 'liblzma'])
      expect(inside.map((each) => each.name)).toContain(name)
  }
})
