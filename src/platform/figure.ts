/**
 * A figure: a number that a room computes about itself, set-based, from what stands in its tables. Declared in the
 * room's `figures.ts` and offered in its manifest; `platform/figures` measures and keeps it, nobody types it.
 */
import type { Decimal } from '#values/decimal.ts'
import type { Day } from '#values/period.ts'
import type { Context } from './context.ts'

/** `to` is the first day after it. */
export type Span = { readonly from: Day; readonly to: Day }

export const figureKinds = ['share', 'count', 'sum', 'mean', 'median'] as const
export type FigureKind = (typeof figureKinds)[number]

/** What a measure found. */
export type Measured = {
  /** How many records it looked at. 0 = nothing to show, except for a count, where none is a result. */
  readonly of: number
  /** Of a share: how many of them meet what it asks. */
  readonly met?: number
  /** Of a sum, mean or median: an exact number. */
  readonly value?: Decimal | null
  /** How many of them could not be judged; they are neither met nor left out. */
  readonly unknown?: number
  /** The day it holds for. */
  readonly asOf: Day
  /** Address of a list that shows the very records in `of`. */
  readonly query: string
  /** Of a share: address of a list that shows those that do not meet it: what somebody can act on. */
  readonly lacking?: string
}

export type Figure = {
  /** `ROOM.NAME`; its words are `ROOM.figure.NAME` and `ROOM.figure.NAME.meaning`. */
  readonly id: string
  /** UCUM code: `%`, `{review}`, `d`. */
  readonly unit: string
  readonly kind: FigureKind
  /**
   * 'day': how things stand on a day, which only the records of that day can say. 'period': what happened in a period,
   * which can be asked again later.
   */
  readonly over: 'day' | 'period'
  /** Version of the method: raise it whenever the same records would give another number. */
  readonly method: number
  /** Kinds whose changes can change the number. */
  readonly reads: readonly string[]
  /** Recommendations of the standard that this share is evidence for, by id. */
  readonly recommendations?: readonly string[]
  /** One set-based read, by the system caller, in a read-only transaction of its own. */
  readonly measure: (ctx: Context, asked: { readonly period: Span }) => Promise<Measured>
}

type Declared = Omit<Figure, 'method' | 'over'> & Partial<Pick<Figure, 'method' | 'over'>>

/** Declares a figure; by default its method is the first and it says how things stand. */
export const figure = (declared: Declared): Figure => ({ method: 1, over: 'day', ...declared })

/** Word key of a figure's name: `strategy.figure.outcomes-with-owner`. */
export const figureWord = (id: string): string => id.replace('.', '.figure.')
