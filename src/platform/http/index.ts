/** The door of the web server: what the composition and the endpoints of modules use. */
export { documentOf, type RenderError } from './errors.ts'
export { type FilterShape, filterShapesOf, type ListQuery, readListQuery, sortableOf } from './filters.ts'
export { formOf, sweepUploads } from './forms.ts'
export { exampleOf } from './openapi-schemas.ts'
export { querySchema } from './query.ts'
export { type AppParts, type CallerFacts, contextOf } from './request.ts'
export { createServer, defaultLimits, type Limits, type ServerOptions, stopServer } from './server.ts'
