/** What `demoCity` gives: plain data with stable external ids, for the code that saves it through the ordinary verbs. */
import type { Day, Grain } from '#values/period.ts'

/** Text in both languages; a missing one is a mistake that the tests find. */
export type Text = { readonly en: string; readonly 'zh-Hans': string }

/** External id, `demo:<kind>:<name>`: org, person, post, plan, vision, sentence, outcome, objective, commitment, indicator. */
export type Ref = string

/** Without an owner a record stays a draft: an owner is asked for from 'agreed' on. */
export type DemoState = 'draft' | 'agreed'

export type DemoOrganisation = {
  readonly ref: Ref
  readonly title: Text
  readonly organisationKind:
    | 'authority'
    | 'department'
    | 'agency'
    | 'company'
    | 'university'
    | 'association'
    | 'community'
  readonly sector: 'public' | 'private' | 'voluntary'
  readonly parent?: Ref
  readonly budgetCode?: string
  readonly identityCode?: string
}

export type DemoPerson = { readonly ref: Ref; readonly name: string; readonly email: string }

/** `[from, to)`: `to` is the first day without the post. */
export type DemoHolding = { readonly person: Ref; readonly from: Day; readonly to?: Day }

export type DemoPost = {
  readonly ref: Ref
  readonly title: Text
  readonly organisation: Ref
  readonly holdings: readonly DemoHolding[]
}

export type DemoAccount = {
  readonly person: Ref
  readonly role: 'leader' | 'owner' | 'contributor' | 'analyst' | 'reviewer' | 'finance' | 'administrator'
  /** null: for the whole city. */
  readonly organisation: Ref | null
  readonly login: string
}

export type DemoPlan = {
  readonly ref: Ref
  readonly title: Text
  readonly from: Day
  readonly to: Day
  /** Names of the levels of objectives, from the top. */
  readonly levels: readonly Text[]
}

export type DemoVision = {
  readonly ref: Ref
  readonly plan: Ref
  readonly version: number
  readonly adoptedOn: Day
  /** True for a version that a later one replaced. */
  readonly retired?: boolean
  /** `replaces`: the sentence of the version before that this one takes the place of. */
  readonly sentences: readonly { readonly ref: Ref; readonly text: Text; readonly replaces?: Ref }[]
}

export type DemoOutcome = {
  readonly ref: Ref
  readonly state: DemoState
  readonly title: Text
  readonly description: Text
  readonly organisation: Ref
  readonly owner?: Ref
  readonly rule: 'all' | 'some' | 'headline'
  /** N of "N of M" where the rule is 'some'; M = the indicators that measure the outcome itself. */
  readonly ruleCount?: number
  readonly headlineIndicator?: Ref
  readonly sentences: readonly Ref[]
  /** Cells of frames: `iso-37101:environment/nature`, `sdg:13`. */
  readonly categories: readonly string[]
}

export type DemoObjective = {
  readonly ref: Ref
  readonly state: DemoState
  readonly title: Text
  /** 1 = the level right under the outcomes. */
  readonly level: number
  readonly parent?: Ref
  readonly outcomes: readonly Ref[]
  readonly organisation: Ref
  readonly owner?: Ref
}

export type DemoCommitment = {
  readonly ref: Ref
  readonly state: DemoState | 'kept' | 'missed'
  readonly keptOn?: Day
  readonly title: Text
  readonly dueOn: Day
  readonly outcome?: Ref
  readonly objective?: Ref
  readonly organisation: Ref
  readonly owner?: Ref
}

export type DemoDirection = 'up' | 'down' | 'range' | 'none' | 'not-agreed'
export type DemoStatus = 'actual' | 'provisional' | 'estimated' | 'annualised'

/** Figures are exact decimal strings. */
export type DemoMeasurement = {
  readonly from: Day
  readonly to: Day
  readonly label: string
  /** Absent for the whole city, else `district=<code>`. */
  readonly cell?: string
  readonly value: string
  readonly numerator?: string
  readonly denominator?: string
  readonly status: DemoStatus
  readonly note?: Text
  /** What was published before the correction. */
  readonly correctedFrom?: string
  /** The numerator published before the correction, where there is one. */
  readonly correctedNumeratorFrom?: string
}

export type DemoTarget = {
  readonly targetKind:
    | 'reach'
    | 'keep'
    | 'range'
    | 'change'
    | 'change-percent'
    | 'cumulative'
    | 'done'
    | 'comparator'
    | 'gap'
  /** Asked value, change, total, margin to the comparator, or largest gap. */
  readonly value?: string
  readonly low?: string
  readonly high?: string
  readonly base?: string
  /** First period it applies to begins here. */
  readonly from: Day
  readonly dueOn?: Day
  readonly setOn: Day
  readonly why?: Text
  readonly cell?: string
  /** For 'comparator': the cell compared with; for 'gap': the two cells ('' = the whole city). */
  readonly comparatorCells?: readonly string[]
}

export type DemoIndicator = {
  readonly ref: Ref
  readonly state: DemoState
  readonly title: Text
  readonly definition: Text
  /** An outcome or an objective. */
  readonly measures: readonly Ref[]
  readonly organisation?: Ref
  readonly owner?: Ref
  /** UCUM code. */
  readonly unit: string
  readonly decimals: number
  readonly direction: DemoDirection
  readonly rangeLow?: string
  readonly rangeHigh?: string
  readonly valueKind: 'percent' | 'rate' | 'count' | 'ratio' | 'average' | 'sum' | 'done'
  readonly numeratorText?: Text
  readonly denominatorText?: Text
  readonly grain: Extract<Grain, 'month' | 'quarter' | 'year'>
  /** True: years and quarters of the city's fiscal calendar. */
  readonly fiscal?: boolean
  readonly lagDays: number
  readonly source: Text
  readonly method: Text
  readonly seasonal?: boolean
  readonly cumulative?: boolean
  readonly rareEvents?: boolean
  readonly minimumCell?: number
  /** Number in `iso-37120-2014.json`. */
  readonly libraryNo?: string
  readonly measurements: readonly DemoMeasurement[]
  readonly targets: readonly DemoTarget[]
  readonly breaks: readonly { readonly on: Day; readonly reason: Text }[]
  /** Dated directions, oldest first, where the direction changed; the last equals `direction`. */
  readonly directions?: readonly { readonly from: Day; readonly direction: DemoDirection; readonly reason: Text }[]
}

export type DemoCity = {
  readonly title: Text
  readonly about: Text
  /** Stands on every page of the demo city. */
  readonly watermark: Text
  readonly population: number
  readonly timeZone: string
  /** The fiscal year opens in this month and carries both years, 2025/26. */
  readonly fiscalCalendar: { readonly startMonth: number; readonly namedBy: 'start' | 'end' }
  readonly dimensions: readonly {
    readonly code: string
    readonly title: Text
    readonly members: readonly { readonly code: string; readonly title: Text }[]
  }[]
  readonly organisations: readonly DemoOrganisation[]
  readonly people: readonly DemoPerson[]
  readonly posts: readonly DemoPost[]
  readonly accounts: readonly DemoAccount[]
  readonly plans: readonly DemoPlan[]
  readonly visions: readonly DemoVision[]
  readonly outcomes: readonly DemoOutcome[]
  readonly objectives: readonly DemoObjective[]
  readonly commitments: readonly DemoCommitment[]
  readonly indicators: readonly DemoIndicator[]
}
