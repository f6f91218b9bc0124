/** The manifest of a module: what it offers to the application. Read by `main` only. */

import type { FastifyInstance } from 'fastify'
import type { Check, RowCheck } from '#kernel/check.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import type { Block, Verb } from '#kernel/verb.ts'
import type { View } from '#kernel/view.ts'
import type { Catalogue, Language } from '#kernel/words.ts'
import type { Format } from './content/index.ts'
import type { Context } from './context.ts'
import type { Figure } from './figure.ts'
import type { Finding } from './finding.ts'
import type { ImportOffers } from './imports/index.ts'
import type { Offers } from './offer.ts'
import type { AppContext, PageDefinition, PagePolicy, RowReader } from './page.ts'
import type { PolicyRule } from './policy.ts'
import type { HistoryEntry, Secret } from './records/index.ts'
import type { RowForm } from './row-form.ts'
import type { Sample } from './samples.ts'
/** Where on the page of a record a panel stands. */
export type PanelPlace = 'task' | 'lead' | 'main'

/** A part a module shows on the page of another module's record. `load` returns `null` if it has nothing to show. */
export type Panel<Data = unknown, Shown = AnyRecord> = {
  readonly on: string
  /** 'task' comes first, for what somebody has to do; 'lead' is above the fields, 'main' below them. */
  readonly place: PanelPlace
  /** Parts of the line of sight this panel shows itself, so that the page does not repeat them. */
  readonly covers?: ReadonlyArray<'up' | 'down'>
  readonly load: (ctx: AppContext, record: Shown, query: Readonly<Record<string, string>>) => Promise<Data | null>
  readonly view: (data: Data, view: View) => unknown
}
/** A panel as the page knows it; `Shown` is a record of the kind it stands on. */
export const panel = <Data, Shown = AnyRecord>(definition: Panel<Data, Shown>): Panel => definition as unknown as Panel

/** A list that a room declares with `list` of `#pages/list`, which knows the rest of it. */
export type DeclaredList = {
  readonly kind: RecordKind
  /** Its address. */
  readonly path: string
}

/** Reads sealed entries in order and keeps derived results up to date. */
export type Subscriber = {
  readonly name: string
  /** Called with a batch of sealed entries, in the transaction that also moves the cursor. */
  readonly handle: (
    ctx: Context,
    entries: ReadonlyArray<{
      position: number
      record: string | null
      kind: string | null
      action: string | null
      rows: readonly string[]
    }>,
  ) => Promise<void>
}

export type JobDefinition = {
  readonly name: string
  readonly handle: (ctx: AppContext, data: Record<string, unknown>) => Promise<void>
  /** Five-field cron in the city's time zone, for recurring work. */
  readonly cron?: string
  /** Also queued whenever a worker starts. */
  readonly atStart?: boolean
  readonly retries?: number
  /**
   * Called when a process died over the work: puts right what it left, before it is begun `again`; or, if it is given up
   * because that happened several times, says so where people look.
   */
  readonly interrupted?: (ctx: AppContext, data: Record<string, unknown>, again: boolean) => Promise<void>
}

export type Navigation = {
  readonly section: string
  readonly label: string
  readonly href: string
  readonly order: number
  readonly policy: PagePolicy
}

/** An endpoint besides the generated ones. One without a policy prevents the start. */
export type Routes = (server: FastifyInstance) => void

export type Manifest = {
  readonly name: string
  /** Folder of the module (`import.meta.dirname`): migrations and views are found there. */
  readonly folder: string
  readonly kinds?: readonly RecordKind[]
  readonly checks?: readonly Check[]
  readonly rowChecks?: readonly RowCheck[]
  readonly verbs?: readonly Verb[]
  /** What the room holds against verbs of other rooms' kinds. */
  readonly blocks?: readonly Block[]
  readonly policy?: readonly PolicyRule[]
  readonly words: Record<Language, Catalogue>
  readonly routes?: Routes
  /** Reads rows of a plain table instead of the generic reader, by `kind/rows`. */
  readonly rowReaders?: ReadonlyArray<readonly [string, RowReader]>
  /** Formats in which content is exported and imported, besides the plain ones. */
  readonly formats?: readonly Format[]
  /** What uploaded tables may become, besides records of the room's kinds. */
  readonly imports?: ImportOffers
  /** The room's part of the demo city. */
  readonly samples?: readonly Sample[]
  readonly pages?: readonly PageDefinition[]
  readonly panels?: readonly Panel[]
  /** Lists of the room's kinds; a kind without one has a list that follows from its declaration. */
  readonly lists?: readonly DeclaredList[]
  /** What somebody has to settle: its page, *my work*, home, API, panel and register follow. */
  readonly findings?: readonly Finding[]
  /** What the front pages read of the room. */
  readonly offers?: Offers
  /** What is special about the forms of its tables of rows. */
  readonly rowForms?: readonly RowForm[]
  /** Numbers that the room computes about itself. */
  readonly figures?: readonly Figure[]
  /** Tables with secrets beside its records, which the history knows by their digest. */
  readonly secrets?: readonly Secret[]
  readonly subscribers?: readonly Subscriber[]
  readonly jobs?: readonly JobDefinition[]
  readonly navigation?: readonly Navigation[]
  /** Describes a history entry in the module's own words, where field names alone would not do. */
  readonly tell?: (entry: HistoryEntry) => { key: string; values: Record<string, string | number> } | null
}
