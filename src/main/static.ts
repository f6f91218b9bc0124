/** What pages load: the style sheet and the islands, each under its hash, cached by browsers for ever. */
import { gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type IslandName, island, islandNames } from '#web/islands.ts'
import { styleSheet } from '#web/styles.ts'

export const stylesAddress = (): string => `/styles/${styleSheet().hash}.css`

/** @throws Error for an island that does not exist. */
export function islandAddress(name: string): string {
  const known = islandNames.find((each) => each === name)
  if (!known) throw new Error(`There is no island "${name}"; there are: ${islandNames.join(', ')}.`)
  return `/islands/${island(known).file}`
}

type File = { readonly text: string; readonly packed: Buffer; readonly type: string }

const fileOf = (text: string, type: string): File => ({
  text,
  packed: gzipSync(text, { level: 9 }),
  type: `${type}; charset=utf-8`,
})

/**
 * Registers the addresses of all of them; a file of an older version is answered as gone, with advice on what to do.
 */
export function staticFiles(server: FastifyInstance): void {
  const sheet = styleSheet()
  const islands = islandNames.map((name: IslandName) => island(name))
  const kinds: ReadonlyArray<readonly [string, ReadonlyMap<string, File>, string]> = [
    ['/styles/:file', new Map([[`${sheet.hash}.css`, fileOf(sheet.text, 'text/css')]]), 'style sheet'],
    [
      '/islands/:file',
      new Map(islands.map(({ file, text }) => [file, fileOf(text, 'text/javascript')])),
      'version of this script',
    ],
  ]
  for (const [path, files, name] of kinds)
    server.get(path, { config: { policy: 'anyone', withFirstPassword: true } }, (request, reply) => {
      const file = files.get((request.params as { file: string }).file)
      return file
        ? send(request, reply, file)
        : reply.code(404).type('text/plain; charset=utf-8').send(`There is a newer ${name}; reload the page.`)
    })
}

function send(request: FastifyRequest, reply: FastifyReply, file: File) {
  const packed = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  reply.header('cache-control', 'public, max-age=31536000, immutable').header('vary', 'Accept-Encoding').type(file.type)
  return packed ? reply.header('content-encoding', 'gzip').send(file.packed) : reply.send(file.text)
}
