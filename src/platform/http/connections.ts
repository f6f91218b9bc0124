/**
 * How much of the server one address may hold: open connections, requests in progress, and the time a body takes. The
 * machine itself and trusted proxies carry everybody, so their connections are not counted; the addresses that a trusted
 * proxy names are counted by their requests.
 */
import { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '#kernel/problem.ts'
import { networkOf } from '../network.ts'
import { isForm } from './cross-origin.ts'

const isLoopback = (address: string) => /^(::ffff:)?127\./.test(address) || address === '::1'
/** Of the proxies that were met, so many are remembered. */
const maxProxies = 1000

/** Counts by address; what would exceed `most` is refused. */
export function counter(most: number) {
  const counts = new Map<string, number>()
  return {
    take: (address: string): boolean => {
      const count = counts.get(address) ?? 0
      if (count >= most) return false
      counts.set(address, count + 1)
      return true
    },
    giveBack: (address: string): void => {
      const count = (counts.get(address) ?? 1) - 1
      if (count > 0) counts.set(address, count)
      else counts.delete(address)
    },
  }
}

/** Refuses connections and requests of an address that has `most` already. */
export function limitConnections(server: FastifyInstance, most: number | false): void {
  if (most === false) return
  const connections = counter(most)
  const requests = counter(most)
  const proxies = new Set<string>()
  const counted = new WeakSet<FastifyRequest>()
  server.server.on('connection', (socket: Socket) => {
    const address = networkOf(socket.remoteAddress ?? '')
    if (isLoopback(address) || proxies.has(address)) return
    if (!connections.take(address)) {
      socket.destroy()
      return
    }
    socket.once('close', () => connections.giveBack(address))
  })
  server.addHook('onRequest', (request, _reply, done) => {
    const { ip } = request
    const near = networkOf(request.socket.remoteAddress ?? '')
    // An address other than that of the connection comes from a proxy that is trusted.
    if (ip !== request.socket.remoteAddress && proxies.size < maxProxies) proxies.add(near)
    if (isLoopback(ip)) return done()
    if (!requests.take(networkOf(ip))) return done(new Problem('TooMany', 'http.too-many', { values: { seconds: 1 } }))
    counted.add(request)
    done()
  })
  const release = (request: FastifyRequest) => {
    if (counted.delete(request)) requests.giveBack(networkOf(request.ip))
  }
  server.addHook('onResponse', (request, _reply, done) => {
    release(request)
    done()
  })
  server.addHook('onRequestAbort', (request, done) => {
    release(request)
    done()
  })
}

/** Requests that are injected come over no connection. */
const hasConnection = (request: FastifyRequest) => request.raw.socket instanceof Socket
const late = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

export type TimeLimits = {
  readonly bodyMs: number
  readonly filesMs: number
  /** So long a body may go on once it was answered (5 s). */
  readonly afterAnswerMs?: number
}

/** Ends connections whose body is not there in time; more time is given where the route takes files. */
export function limitTime(server: FastifyInstance, limits: TimeLimits): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { headers, raw } = request
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return done()
    if (!hasConnection(request)) return done()
    const files = request.routeOptions.config.takesFiles === true && isForm(headers['content-type'])
    const deadline = setTimeout(
      () => {
        if (!reply.raw.headersSent) request.raw.socket.write(late)
        request.raw.socket.destroySoon()
      },
      files ? limits.filesMs : limits.bodyMs,
    )
    deadline.unref()
    const clear = () => clearTimeout(deadline)
    raw.once('end', clear)
    raw.once('close', clear)
    done()
  })
  // Nobody reads what still comes in after the answer, such as a body that was refused.
  server.addHook('onResponse', (request, _reply, done) => {
    const { raw } = request
    if (!raw.complete && hasConnection(request))
      setTimeout(() => raw.complete || raw.socket.destroySoon(), limits.afterAnswerMs ?? 5000).unref()
    done()
  })
}
