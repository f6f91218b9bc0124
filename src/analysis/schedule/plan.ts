/**
 * What a plan says, in plain numbers. Activities, calendars and links are named by their place in the lists; instants are minutes
 * of local time since 1970-01-01 and durations minutes of working time (`../calendar/calendar.ts` says why).
 *
 * How the parts fit together:
 *
 *   const compiled = compileNetwork(plan)              // `./network.ts`: loops and bad links are named, everything else is flat arrays
 *   if ('problem' in compiled) …
 *   const pass = openPass(compiled)                    // `./pass.ts`: room for one schedule, reused for the next
 *   forwardPass(compiled, durations, pass)             // `./forward.ts`: early dates; gives the finish of the plan
 *   backwardPass(compiled, durations, pass)            // `./backward.ts`: late dates
 *   schedule(plan)                                     // `./schedule.ts`: all of it, as dates and floats for people
 *
 * For many draws or trials: compile once, open one pass for each worker, fill `durations` (one number for each *node*, see
 * `Network.nodeOf`) and call `forwardPass` again and again. It allocates nothing.
 */
import type { WorkCalendar } from '../calendar/calendar.ts'

/** Calendar of what is counted in elapsed time: every minute. */
export const elapsed = -1

/** Microsoft Project's eight constraints; their dates are `at`. */
export type Constraint =
  | { readonly kind: 'as-soon-as-possible' }
  | { readonly kind: 'as-late-as-possible' }
  | {
      readonly kind:
        | 'start-no-earlier'
        | 'start-no-later'
        | 'finish-no-earlier'
        | 'finish-no-later'
        | 'must-start'
        | 'must-finish'
      readonly at: number
    }

/** Work pauses for `length` working minutes after `after` minutes of work. */
export type Gap = { readonly after: number; readonly length: number }

export type Activity = {
  /** Minutes of work in `calendar`; 0 is a milestone. Of a summary activity it is not read. */
  readonly duration: number
  /** Place in `Plan.calendars`, or `elapsed`. */
  readonly calendar: number
  /** Place of the summary activity it belongs to. An activity that others belong to is a summary. */
  readonly parent?: number | undefined
  readonly constraint?: Constraint | undefined
  readonly deadline?: number | undefined
  /** Splits, in order. */
  readonly gaps?: readonly Gap[] | undefined
  /** Elapsed minutes to wait after everything else would let it start (levelling). */
  readonly delay?: number | undefined
  readonly actualStart?: number | undefined
  readonly actualFinish?: number | undefined
  /** Working minutes done of an activity that has started. */
  readonly done?: number | undefined
  /** Where the rest of a started activity continues, if later than where it stopped. */
  readonly resume?: number | undefined
  /** Dates that people set by hand; links do not move them. */
  readonly fixed?: { readonly start: number; readonly finish: number } | undefined
  /** Kept in the plan, but moves nothing. */
  readonly inactive?: boolean | undefined
}

export type LinkType = 'FS' | 'SS' | 'FF' | 'SF'

/** `to` waits for `from`. */
export type Link = {
  readonly from: number
  readonly to: number
  readonly type: LinkType
  /**
   * Minutes, negative for a lead; with `percent` hundredths of the duration of `from`. Working time is that of the calendar of
   * `to` (of the plan where `to` is counted in elapsed time).
   */
  readonly lag: number
  readonly lagUnit?: 'working' | 'elapsed' | 'percent' | 'elapsed-percent' | undefined
}

export type Plan = {
  readonly calendars: readonly WorkCalendar[]
  /** Calendar of the plan: summaries, and lags into elapsed activities. Place in `calendars`. */
  readonly calendar: number
  readonly start: number
  /** Set where the plan is scheduled back from its finish. */
  readonly finish?: number | undefined
  readonly activities: readonly Activity[]
  readonly links: readonly Link[]
  /** Remaining work continues, and what has not begun starts, no earlier than this instant. */
  readonly statusAt?: number | undefined
  /** Total float, in minutes, up to which an activity is critical; default 0. */
  readonly criticalFloat?: number | undefined
}

/** What makes a plan impossible to schedule; `activities` and `links` are places in the lists of the plan. */
export type PlanProblem = {
  readonly problem:
    | 'loop'
    | 'link-to-nothing'
    | 'link-to-itself'
    | 'link-within-summary'
    | 'link-into-summary'
    | 'summary-loop'
    | 'outline-too-deep'
    | 'amount'
    | 'unusable-calendar'
    | 'too-many-calendars'
    | 'finish-before-start'
    | 'no-calendar'
    | 'no-working-time'
    | 'out-of-years'
  readonly activities: readonly number[]
  readonly links?: readonly number[]
  /** What is wrong with a calendar. */
  readonly reason?: string
}
