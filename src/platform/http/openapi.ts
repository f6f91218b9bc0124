import type { FastifyInstance } from 'fastify'
import type { AppParts } from './request.ts'
import type { KnownRoute } from './routes.ts'
export function openApiRoutes(_server: FastifyInstance, _app: AppParts, _known: readonly KnownRoute[]): void {}
