/**
 * A finding: something about a record that a person has to settle. A room declares it once, in `findings.ts`: where it
 * is found, for whom it waits, and the act that ends it. Its page, *my work*, home, the API, the panel on the record and
 * the register follow from that.
 */
import type { Day } from '#kernel/day.ts'
import { type AnyRecord, moduleOf, type RecordKind } from '#kernel/record.ts'
import type { Context } from './context.ts'

/** A finding about one record, with what its sentence needs. */
export type Found = {
  readonly record: string
  /** A more specific sentence, `ROOM.finding.NAME.REASON`; without one `ROOM.finding.NAME.one`. */
  readonly reason?: string
  /** Values of the sentence; those whose name is or ends in `day` are days. */
  readonly values?: Readonly<Record<string, string | number>>
  /** Other records that the same finding is about. */
  readonly with?: readonly string[]
  /** Since when it holds, if that is known better than by when it was first seen. */
  readonly since?: Day | null
  /** Tells several of the same finding and reason about one record apart. */
  readonly part?: string
}

/** For whom a finding waits: a post or, if that is vacant or not named, those who act for an organisation. */
export type Waits = { readonly post: string | null; readonly organisation: string | null }

/** What is lost or late as long as a finding stands. */
export type Stake = {
  readonly money?: { readonly amount: string; readonly currency: string | null }
  /** Points of the chance that a goal is reached. */
  readonly points?: number
  readonly days?: number
}

/** Where a finding is ended, and what one must be allowed to do there. */
export type Act =
  /** By the form of the record; `true`, or the field that is asked for. */
  | { readonly edit: true | string }
  /** By a verb on its page: the first of these that its state allows. */
  | { readonly verb: string | readonly string[] }
  /** By entering rows: in their form, or on another page below the record's address. */
  | { readonly rows: string; readonly below?: string }
  /** On a page of its own. `may` is asked of the record or, with `on`, of a new record of that kind beside it. */
  | { readonly page: (ctx: Context, record: AnyRecord) => string; readonly may: string; readonly on?: string }

export type FindingOptions<Row extends Found> = {
  /** How urgent: 1 = first. */
  readonly presses: 1 | 2 | 3 | 4 | 5 | 6 | 7
  /**
   * One set-based read over everything the caller may read. `only` names the records that are asked about; a read that
   * cannot use it may return more.
   */
  readonly found: (ctx: Context, only?: readonly string[]) => Promise<readonly Row[]>
  /** Without it: the record's owner and organisation. */
  readonly waitsFor?: (row: Row) => Waits
  readonly act: Act
  /** A page on which many are ended together, for those who may do it to some record of a kind. */
  readonly together?: { readonly page: string; readonly may: string; readonly on: string }
  readonly atStake?: (row: Row) => Stake | null
  /** After so many days it waits for the organisation's leaders as well; before, for the post alone. */
  readonly escalates?: { readonly afterDays: number | ((ctx: Context) => Promise<number>) }
}

export type Finding = Omit<FindingOptions<Found>, 'found' | 'waitsFor' | 'atStake'> & {
  /** `ROOM.NAME`. */
  readonly key: string
  readonly room: string
  readonly name: string
  /** Kinds it is about; 'any' = records of any kind. */
  readonly kinds: readonly string[] | 'any'
  readonly found: FindingOptions<Found>['found']
  readonly waitsFor?: (row: Found) => Waits
  readonly atStake?: (row: Found) => Stake | null
}

/** Where a finding is about: a kind, several (the first says which room), or any kind for a room. */
type About = Pick<RecordKind, 'kind'> | readonly [Pick<RecordKind, 'kind'>, ...(Pick<RecordKind, 'kind'> | string)[]]

const kindsOf = (about: About): string[] =>
  'kind' in about ? [about.kind] : about.map((each) => (typeof each === 'string' ? each : each.kind))

/** Declares a finding of a room about records of its kinds. */
export function finding<Row extends Found>(about: About, name: string, options: FindingOptions<Row>): Finding {
  const kinds = kindsOf(about)
  return declared(moduleOf(kinds[0]!), name, kinds, options)
}

/** Declares a finding of a room about records of any kind. */
export const findingOnAny = <Row extends Found>(room: string, name: string, options: FindingOptions<Row>): Finding =>
  declared(room, name, 'any', options)

const declared = <Row extends Found>(
  room: string,
  name: string,
  kinds: Finding['kinds'],
  options: FindingOptions<Row>,
): Finding => ({ ...(options as unknown as FindingOptions<Found>), room, name, kinds, key: `${room}.${name}` })

const memories = new WeakMap<Context, Map<string, Promise<unknown>>>()

/** One read for all findings that are computed together, as long as the same context asks. */
export function readOnce<Data>(ctx: Context, what: string, load: () => Promise<Data>): Promise<Data> {
  const memory = memories.get(ctx) ?? new Map<string, Promise<unknown>>()
  memories.set(ctx, memory)
  const known = memory.get(what) ?? load()
  memory.set(what, known)
  return known as Promise<Data>
}
