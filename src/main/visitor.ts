/** Who is looking at a page, and how they want to read it: session, language, colours. */
import { type Language, languageOf, negotiateLanguage } from '#kernel/words.ts'
import { type Session, type Sessions, sessionCookie } from '#modules/identity'
import type { App } from '#platform/app.ts'
import { type Caller, nobody } from '#platform/caller.ts'
import type { ColorScheme } from '#web/page.tsx'

export type Visitor = {
  readonly caller: Caller
  readonly session: Session | null
  /** Token of their forms. */
  readonly csrf: string
  readonly language: Language
  readonly scheme: ColorScheme
}

export type VisitorRequest = {
  readonly cookies: Readonly<Record<string, string | undefined>>
  readonly acceptLanguage: string | undefined
}

const schemes: readonly ColorScheme[] = ['auto', 'light', 'dark']
export const schemeOf = (text: string | undefined): ColorScheme => schemes.find((scheme) => scheme === text) ?? 'auto'

/** Reads the visitor from cookies and headers; a session that has ended counts as nobody. */
export async function visitorOf(app: App, sessions: Sessions, asked: VisitorRequest): Promise<Visitor> {
  const session = await sessions.find(asked.cookies[sessionCookie])
  const language =
    languageOf(asked.cookies.language) ??
    session?.language ??
    negotiateLanguage(asked.acceptLanguage, app.city().language as Language)
  const csrf = session?.csrf ?? sessions.formTokens()[0] ?? ''
  return { caller: session?.caller ?? nobody, session, csrf, language, scheme: schemeOf(asked.cookies.scheme) }
}
