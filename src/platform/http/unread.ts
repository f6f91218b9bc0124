/** What is still being sent after it was answered: nobody reads a refused upload to its end. */
import { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { isSignedIn } from '../caller.ts'

/** Time to take in the answer before the connection is closed, in milliseconds; nothing is read meanwhile. */
const lingerMs = 300

/**
 * Closes the connection of whoever is not signed in, has their answer and goes on sending. Node would read and throw away the
 * rest, however long: ten such senders keep a processor busy. People who are signed in see their answer in any case.
 */
export function closeUnread(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const { socket, headers, complete } = request.raw
    const sends = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
    // An injected request has no connection.
    if (sends && !complete && socket instanceof Socket && !isSignedIn(request.callerFacts.caller)) {
      reply.header('connection', 'close')
      reply.raw.once('finish', () => {
        // After Node's own listener, which lets the rest flow.
        setImmediate(() => socket.pause())
        setTimeout(() => socket.destroy(), lingerMs).unref()
      })
    }
    done(null, payload)
  })
}
