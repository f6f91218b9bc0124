/**
 * Islands: script modules that enhance pages which work without them. Each is one file in `islands/`; its types are
 * stripped on first use, and it is served under its hash, so that browsers may cache it for ever. No bundle, no build.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'oxc-transform'

/** Names of the islands: each is a file in `islands/`. */
export const islandNames = ['map'] as const
export type IslandName = (typeof islandNames)[number]

export type Island = {
  readonly text: string
  /** The file name it is served under: the name and the first 12 hexadecimal digits of SHA-256 over the text. */
  readonly file: string
}

const ready = new Map<IslandName, Island>()

/** @throws Error if the file is missing, has an error, or imports other modules. */
export function island(name: IslandName): Island {
  const known = ready.get(name)
  if (known) return known
  const path = join(import.meta.dirname, 'islands', `${name}.ts`)
  const { code, errors } = transformSync(path, readFileSync(path, 'utf8'), { lang: 'ts', sourcemap: false })
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors.map(({ message }) => message).join('; ')}`)
  // Its imports would have no address.
  if (/^\s*(?:import|export)\b.*\bfrom\b/m.test(code))
    throw new Error(`${path}: an island is one file and imports nothing`)
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 12)
  const made = { text: code, file: `${name}.${hash}.js` }
  ready.set(name, made)
  return made
}
