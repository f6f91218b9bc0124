/** Everything around the body of a page, as plain data. */
import type { Say } from '#kernel/words.ts'
import type { NoticeTone } from './parts/notice.tsx'

export type NavigationEntry = {
  readonly label: string
  readonly href: string
  /** True for the section the page is in, and for its room. */
  readonly current?: boolean
  readonly children?: readonly NavigationEntry[]
}

export type ColorScheme = 'auto' | 'light' | 'dark'

/** The frame of one page. */
export type Shell = {
  readonly say: Say
  /** BCP 47 tag of the reader's language; the direction follows from it unless given. */
  readonly language: string
  readonly direction?: 'ltr' | 'rtl'
  /** Name of the page: becomes "name · city · product" in the window. The `h1` is the page's own. */
  readonly title: string
  readonly product: string
  readonly city: string
  /** `public` is what residents see; `workspace` is what people who are signed in work in. */
  readonly side: 'public' | 'workspace'
  /** Where the city's name links to. */
  readonly home: string
  /** Path and query of this page; the language and colour switches return to it. */
  readonly address: string
  /** Languages to choose from, each by its own name. */
  readonly languages: ReadonlyArray<{ readonly tag: string; readonly name: string }>
  readonly scheme: ColorScheme
  /** Address of the style sheet, with its hash. */
  readonly styles: string
  /** Who is signed in. `account` links to their account; signing out is a form with the token. */
  readonly person?: {
    readonly name: string
    readonly note?: string
    readonly account: string
    readonly signOut: string
    readonly csrf: string
  }
  /** Where to sign in; absent if nobody can. */
  readonly signIn?: string
  /** The other side (public page of this workspace, or workspace of this public page). */
  readonly otherSide?: { readonly label: string; readonly href: string }
  /** The search text, if the page shows search results. */
  readonly search?: string
  readonly navigation: readonly NavigationEntry[]
  readonly trail?: ReadonlyArray<{ readonly label: string; readonly href: string }>
  /** Shown on every page of a demo city; `href` links to the page that removes it. */
  readonly watermark?: { readonly text: string; readonly href?: string; readonly action?: string }
  /** Shown once, above the page. */
  readonly notices?: ReadonlyArray<{
    readonly tone: NoticeTone
    readonly text: string
    readonly action?: { readonly label: string; readonly href: string }
  }>
  readonly footer?: ReadonlyArray<{ readonly label: string; readonly href: string }>
  /** A sentence or two at the foot, e.g. where the reading of the standard comes from. */
  readonly imprint?: string
  readonly description?: string
  /** Restricted pages stay out of search engines. Default: only public pages may be indexed. */
  readonly robots?: 'index' | 'none'
  /** Reload after this many seconds, for long work without a script. */
  readonly refresh?: number
  /** Addresses of script modules (islands). Default none: 0 bytes of script. */
  readonly scripts?: readonly string[]
}
