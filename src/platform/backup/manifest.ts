/** What a backup says about itself: its parts, the program that wrote it, and how to check that each part is whole. */
import Type from 'typebox'
import { Compile } from 'typebox/compile'

export const backupFormat = 'commonweal-backup'
export const backupVersion = 1
export const manifestName = 'manifest.json'
export const manifestHashName = 'manifest.sha256'

const name = Type.String({ minLength: 1, maxLength: 63 })
const hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
const amount = Type.Integer({ minimum: 0 })

const schema = Type.Object({
  format: Type.Literal(backupFormat),
  version: Type.Integer({ minimum: 1 }),
  program: Type.String({ maxLength: 60 }),
  postgresql: Type.String({ maxLength: 200 }),
  madeAt: Type.String({ maxLength: 40 }),
  migrations: Type.Array(Type.Object({ module: name, name: Type.String({ maxLength: 200 }), hash }), {
    maxItems: 10_000,
  }),
  /** Head of the sealed history, `POSITION:HASH`. */
  head: Type.String({ maxLength: 100 }),
  tables: Type.Array(
    Type.Object({
      schema: name,
      name,
      columns: Type.Array(name, { maxItems: 1600 }),
      part: Type.String({ maxLength: 200 }),
      bytes: amount,
      sha256: hash,
    }),
    { maxItems: 10_000 },
  ),
  sequences: Type.Array(
    Type.Object({ schema: name, name, last: Type.String({ pattern: '^-?[0-9]+$' }), called: Type.Boolean() }),
    { maxItems: 10_000 },
  ),
})
const compiled = Compile(schema)

export type Manifest = Type.Static<typeof schema>
export type TablePart = Manifest['tables'][number]

/** The manifest, or nothing if the text is not one. */
export function parseManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return compiled.Check(value) ? value : undefined
  } catch {
    return undefined
  }
}
