/** What a room offers to the front pages (home, decisions, the brief), which know no room. Everything is finished text. */
import type { AppContext } from './page.ts'

export type NamedLink = { readonly text: string; readonly lang?: string | undefined; readonly href: string }

/** Something the city wants, in a few lines: whether it is reached and why, and how what is below it stands. */
export type Headline = NamedLink & {
  readonly id: string
  readonly code: string
  readonly result: 'met' | 'missed' | 'not-due' | 'unknown'
  /** 'Reached', 'Not reached' …, for the badge next to the sentence. */
  readonly resultText: string
  /** Its status and why, in one sentence. */
  readonly sentence: string
  readonly met: number
  readonly missed: number
  readonly notDue: number
  readonly unknown: number
  readonly total: number
  /** '8 of 21 met · 3 missed', everything below it. */
  readonly counts: string
  readonly worst: NamedLink | null
  /** Which period the newest figure is for, and how many figures are overdue. */
  readonly fresh: string
  readonly overdue: number
  /** The chance on the past pattern in a few words, if one may be given and was asked for. */
  readonly chance?: string | null
}

/** What residents read first: sentences, and the headlines that answer each. */
export type Front = {
  readonly version: string
  readonly adopted: string | null
  readonly sentences: ReadonlyArray<NamedLink & { readonly code: string; readonly headlines: readonly Headline[] }>
}

/** Figures that did not come: of which post or organisation, how many, since when. */
export type Silent = {
  readonly post: string | null
  readonly organisation: string | null
  readonly all: number
  readonly stopped: number
  readonly oldestDueOn: string
  readonly href: string
}

/** Approved publications that wait for their day. */
export type Publications = {
  readonly publicFrom: string
  readonly count: number
  /** How many of them were edited since and need a new approval. */
  readonly overtaken: number
  readonly href: string
}

export type Offers = {
  /** Kinds of which any record, readable or not, means that the city has begun. */
  readonly begun?: readonly string[]
  readonly headlines?: (ctx: AppContext) => Promise<readonly Headline[]>
  /** Headlines that are not reached, and those that may be missed, with the chance in words. */
  readonly missed?: (ctx: AppContext) => Promise<readonly Headline[]>
  readonly unlikely?: (ctx: AppContext) => Promise<ReadonlyArray<{ readonly card: Headline; readonly chance: string }>>
  readonly front?: (ctx: AppContext) => Promise<Front | null>
  readonly silent?: (ctx: AppContext, limit: number) => Promise<readonly Silent[]>
  readonly publications?: (ctx: AppContext) => Promise<readonly Publications[]>
}
