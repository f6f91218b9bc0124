/**
 * A page of a module: an address, who may open it, what it reads, how it looks. Plain data plus named functions; the
 * composition in `main` adds the shell and answers the request.
 */
import type { AnyRecord } from '#kernel/record.ts'
import type { View } from '#kernel/view.ts'
import type { Format } from './content/index.ts'
import type { Context } from './context.ts'
import type { Database } from './db/index.ts'
import type { Figure } from './figure.ts'
import type { People } from './people.ts'
import type { Page } from './records/index.ts'

/** What a page or an endpoint may use beyond reading: the database, to open its one transaction. */
export type AppContext = Context & {
  readonly database: Database
  /** The formats in which content is exported and imported. */
  readonly exchange: Exchange
  /** The figures of all rooms. */
  readonly figures: readonly Figure[]
  /** The people behind accounts and posts. */
  readonly people: People
  /** Queues background work; with a transaction's `db`, queuing is part of that transaction. */
  readonly send: (
    job: string,
    data: Record<string, unknown>,
    options?: { db?: Context['db']; startAfter?: Date },
  ) => Promise<string | null>
}

/** Reads rows of a plain table instead of the generic reader, e.g. with small cells suppressed for the public. */
export type RowReader = {
  (
    ctx: AppContext,
    record: string,
    options: { readonly after?: string; readonly limit?: number },
  ): Promise<Page<AnyRecord>>
  /** Which of these records have rows that it may show differently; the rows of all others are read together. */
  readonly concerns: (ctx: AppContext, records: readonly string[]) => Promise<readonly string[]>
}

/** What the application offers for exchange; assembled in `main`. */
export type Exchange = {
  readonly formats: readonly Format[]
  /** By `kind/rows`, e.g. `indicators.indicator/measurement`. */
  readonly rowReaders: ReadonlyMap<string, RowReader>
  /** Kinds that belong to the installation and are not content: a file must not open accounts or grant roles. */
  readonly without: readonly string[]
  /** Address of the installation if known, `https://city.example`. */
  readonly origin?: string
}
export const noExchange: Exchange = { formats: [], rowReaders: new Map(), without: [] }

export type UploadedFile = {
  readonly name: string
  readonly type: string
  readonly path: string
  readonly bytes: number
}

export type PageRequest = {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Fields of a submitted form; repeated fields are lists. */
  readonly form: Readonly<Record<string, string | string[]>>
  /** Files of a submitted form, already on disk in a temporary directory that is emptied after the request. */
  readonly files: Readonly<Record<string, UploadedFile>>
  readonly path: string
  /** The client's IP address, for rate limits and the session list. */
  readonly address: string
  readonly userAgent: string
  readonly cookies: Readonly<Record<string, string>>
}

export type Cookie = { readonly name: string; readonly value: string; readonly maxAgeSeconds: number }
/** Redirects the browser (303), with a notice that the next page shows once. */
export type Redirect = {
  readonly redirect: string
  readonly notice?: { readonly key: string; readonly values?: Record<string, string | number> }
  readonly cookies?: readonly Cookie[]
}
/** A file instead of a page. */
export type Download = {
  readonly download: string
  readonly type: string
  readonly body: string | Buffer | NodeJS.ReadableStream
}
export type PageAnswer<Data> = Data | Redirect | Download

export const isRedirect = (answer: unknown): answer is Redirect =>
  typeof answer === 'object' && answer !== null && 'redirect' in answer
export const isDownload = (answer: unknown): answer is Download =>
  typeof answer === 'object' && answer !== null && 'download' in answer

export type PagePolicy = 'anyone' | 'signed in' | { readonly can: string; readonly kind: string }

export type PageDefinition<Data = unknown> = {
  /** Fastify address, e.g. `/strategy/vision`. */
  readonly path: string
  readonly policy: PagePolicy
  readonly load: (ctx: AppContext, request: PageRequest) => Promise<PageAnswer<Data>>
  /** Answers the page's own form; anything it returns other than a redirect is shown by `view` with status 422. */
  readonly post?: (ctx: AppContext, request: PageRequest) => Promise<PageAnswer<Data>>
  /** Set where the form may carry files; anywhere else, and from nobody, none is taken. */
  readonly files?: boolean
  /** Who may send the form, where fewer may than see the page; asked before anything of it is read. */
  readonly postPolicy?: PagePolicy
  readonly title: (data: Data, view: View) => string
  /** Names and addresses above this page, outermost first. */
  readonly trail?: (data: Data, view: View) => ReadonlyArray<{ readonly label: string; readonly href: string }>
  /** Navigation entry this page belongs to. */
  readonly section?: string
  readonly view: (data: Data, view: View) => unknown
  /** Names of the islands that may enhance this page; it has to work without them. */
  readonly islands?: readonly string[]
  /** Reload after this many seconds (progress of long work, no script needed). */
  readonly refresh?: (data: Data) => number | undefined
  /** May be served from a short-lived cache to people who are not signed in. */
  readonly cache?: boolean
}

/** Declares a page; exists only so that `Data` is inferred once for load, title and view. */
export const page = <Data>(definition: PageDefinition<Data>): PageDefinition => definition as unknown as PageDefinition

/** A page that nobody sees: it returns a download or redirects. */
export const unseenPage = (
  definition: Pick<PageDefinition<never>, 'path' | 'policy' | 'load' | 'post' | 'section'>,
): PageDefinition => page<never>({ ...definition, title: () => '', view: () => null })
