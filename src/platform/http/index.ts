/** The door of the web server: everything a module or the composition may use. */
export { documentOf, type ProblemDocument, problemOf, type RenderError } from './errors.ts'
export { type Form, formOf, tokenField, type UploadLimits } from './forms.ts'
export { querySchema } from './query.ts'
export { type AppParts, type CallerFacts, type CallerOf, contextOf, objectOf, type RowReader } from './request.ts'
export type { KnownRoute } from './routes.ts'
export { createServer, defaultLimits, type Limits, type ServerOptions, signInLimit, stopServer } from './server.ts'
