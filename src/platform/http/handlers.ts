import type { FastifyReply, FastifyRequest } from 'fastify'

/** Answers one request. */
export type ApiHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
