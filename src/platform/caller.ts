/** Who asks: an account with its roles, or nobody. Made by sign-in, the command line or a job; read by every policy. */
export const roles = ['leader', 'owner', 'contributor', 'analyst', 'reviewer', 'finance', 'administrator'] as const
export type Role = (typeof roles)[number]

export type Grant = {
  readonly role: Role
  /** The organisations the role covers: the named one and all below it; `null` = the whole city. */
  readonly organisations: readonly string[] | null
}

export type Caller = {
  /** Account id; `null` = not signed in, or the system itself. */
  readonly account: string | null
  readonly person: string | null
  /** Posts held today, by the caller or as a deputy with full powers. */
  readonly posts: readonly string[]
  /** Posts whose work the caller sees as a deputy, without acting in their place. */
  readonly deputises?: readonly string[]
  readonly grants: readonly Grant[]
  /**
   * The system itself (first start, demo city, jobs without a person): may do everything, and is named as such in the
   * history.
   */
  readonly system: boolean
}

export const nobody: Caller = { account: null, person: null, posts: [], grants: [], system: false }
export const systemCaller: Caller = { account: null, person: null, posts: [], grants: [], system: true }

export const isSignedIn = (caller: Caller): boolean => caller.account !== null || caller.system
