/**
 * How long a request may take to arrive, and how many connections one address may hold: somebody who sends a byte a minute,
 * or opens a thousand connections, must not take the place of others.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isSafe, isWithFiles } from './cross-origin.ts'

export type Deadlines = {
  /** Milliseconds until all headers have arrived. */
  readonly headersMs: number
  /** Milliseconds until a body without files has arrived. */
  readonly bodyMs: number
  /** Milliseconds until a body with files has arrived. */
  readonly filesMs: number
  /** Connections that one address may hold at a time; 0 = no limit. */
  readonly connectionsPerAddress: number
}

export const defaultDeadlines: Deadlines = {
  headersMs: 15_000,
  bodyMs: 30_000,
  filesMs: 900_000,
  connectionsPerAddress: 256,
}

const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>()

/** Closes the connection of a request whose body does not arrive in time. Nothing else of it is answered. */
export function limitBodies(server: FastifyInstance, { bodyMs, filesMs }: Deadlines): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { headers, raw, method } = request
    if (!isSafe(method) && (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)) {
      const timer = setTimeout(() => raw.destroy(), isWithFiles(headers['content-type']) ? filesMs : bodyMs)
      timer.unref()
      timers.set(request, timer)
      raw.once('end', () => clearTimeout(timer))
      raw.once('close', () => clearTimeout(timer))
    }
    done()
  })
}

/** Refuses the connections of an address beyond its share. `exempt` = proxies, which stand for many. */
export function limitConnections(server: Server, most: number, exempt: (address: string) => boolean): void {
  if (most === 0) return
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    if (exempt(address)) return
    const held = (open.get(address) ?? 0) + 1
    if (held > most) {
      socket.destroy()
      return
    }
    open.set(address, held)
    socket.once('close', () => {
      const rest = (open.get(address) ?? 1) - 1
      if (rest > 0) open.set(address, rest)
      else open.delete(address)
    })
  })
}

export const isLoopback = (address: string): boolean => /^(::1|(::ffff:)?127\.)/.test(address)
