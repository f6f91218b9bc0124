/**
 * Who may do what, as one line per rule in each module's `policy.ts`, evaluated by CASL. This is the one file that
 * turns rules into SQL. Row rules look only at columns of `records.record`; field rules are checked separately, because
 * the condition tree does not carry them.
 */
import { createMongoAbility, type MongoAbility, subject } from '@casl/ability'
import { rulesToAST } from '@casl/ability/extra'
import { type RawBuilder, sql } from 'kysely'
import { type Caller, isSignedIn, type Role, roles } from './caller.ts'

/**
 * The scope of a rule: records of the organisations the role covers; records whose owner post the caller holds; records
 * that name a post of the caller in another field; or everything, which needs the role for the whole city (and for
 * 'anyone' nothing).
 */
export type RuleScope = 'in their bodies' | 'they own' | 'everywhere' | { readonly namedIn: string }

export type PolicyRule = {
  readonly role: Role | 'anyone signed in' | 'anyone'
  readonly actions: readonly string[]
  readonly kinds: readonly string[]
  readonly reach: RuleScope
  readonly fields?: readonly string[]
  /** Fields whose post must not be the caller's: nobody confirms or validates their own work. */
  readonly separatedFrom?: readonly string[]
  /** Field of a row that names a post: it must be a post of the caller. */
  readonly signedBy?: string
}

/** One rule: `allow('owner', ['change'], ['strategy.outcome'], 'they own')`. */
export const allow = (
  role: PolicyRule['role'],
  actions: readonly string[],
  kinds: readonly string[],
  reach: RuleScope,
  fields?: readonly string[],
): PolicyRule => ({ role, actions, kinds, reach, ...(fields ? { fields } : {}) })

/**
 * Excludes the holders of some posts from a rule, whatever other roles they have: `separationOfDuties(['owner'],
 * allow(…))`.
 */
export const separationOfDuties = (fields: readonly string[], rule: PolicyRule): PolicyRule => ({
  ...rule,
  separatedFrom: fields,
})

/** Rows under this rule are signed: the field names a post, and it must be one that the caller holds. */
export const signedBy = (field: string, rule: PolicyRule): PolicyRule => ({ ...rule, signedBy: field })

/**
 * The part of a record that row rules may look at; rules for writing may also name its own fields, because they see all
 * of it.
 */
export type RecordRow = {
  readonly id: string
  readonly kind: string
  readonly organisation: string | null
  readonly owner: string | null
  readonly audience: string
}

type Conditions = Record<string, unknown>

export type Policies = {
  /** May the caller do this to the record (and to this field of it)? */
  readonly can: (caller: Caller, action: string, row: RecordRow, field?: string) => boolean
  /** Could the caller do this to any record of the kind? For buttons and navigation. */
  readonly canSome: (caller: Caller, action: string, kind: string) => boolean
  /** The field of a row in which the caller signs with a post, if rows of this table are signed. */
  readonly signature: (action: string, kind: string) => string | undefined
  /** Roles that a rule lets do this to some record of the kind. */
  readonly rolesFor: (action: string, kind: string) => readonly Role[]
  /** SQL over `records.record` under the alias `r`: the rows the caller may read. */
  readonly visible: (caller: Caller) => RawBuilder<boolean>
  /** SQL over `r` and the table of the kind under the alias `t`: the records that the caller may do this to. */
  readonly allowed: (caller: Caller, action: string, kind: string) => RawBuilder<boolean>
  /** Is there any rule for the action on the kind? An endpoint without one prevents the start. */
  readonly covers: (action: string, kind: string) => boolean
  /** Does a rule name this kind, or this subject that is not a record (an import run)? */
  readonly names: (kind: string) => boolean
}

/** Reading follows the audience of a record and is the same for every kind. */
function readRules(caller: Caller): Conditions[] {
  const rules: Conditions[] = [{ audience: 'public' }]
  if (!isSignedIn(caller)) return rules
  rules.push({ audience: 'partners' })
  if (caller.posts.length > 0) rules.push({ owner: { $in: [...caller.posts] } })
  for (const grant of caller.grants) {
    const audience = ['leader', 'reviewer', 'administrator'].includes(grant.role)
      ? ['organisation', 'restricted']
      : ['organisation']
    rules.push({
      audience: { $in: audience },
      ...(grant.organisations ? { organisation: { $in: [...grant.organisations] } } : {}),
    })
  }
  return rules
}

function writeRules(caller: Caller, rules: readonly PolicyRule[]) {
  const raw: Array<{ action: string[]; subject: string[]; conditions?: Conditions; fields?: string[] }> = []
  const add = (rule: PolicyRule, conditions?: Conditions) =>
    raw.push({
      action: [...rule.actions],
      subject: rule.kinds.map((kind) => (kind === '*' ? 'all' : kind)),
      ...(conditions || rule.separatedFrom ? { conditions: { ...conditions, ...separation(rule.separatedFrom) } } : {}),
      ...(rule.fields ? { fields: [...rule.fields] } : {}),
    })
  const separation = (fields: readonly string[] = []): Conditions =>
    Object.fromEntries(fields.map((field) => [field, { $nin: [...caller.posts] }]))
  for (const rule of rules) {
    if (rule.role === 'anyone signed in' && !isSignedIn(caller)) continue
    const named = rule.role === 'anyone' || rule.role === 'anyone signed in'
    // Who the rule applies to, with the organisations their role covers; `null` = the whole city.
    const grants = named ? caller.grants : caller.grants.filter((grant) => grant.role === rule.role)
    if (!named && grants.length === 0) continue
    const city = grants.some((grant) => grant.organisations === null)
    if (typeof rule.reach === 'object') add(rule, { [rule.reach.namedIn]: { $in: [...caller.posts] } })
    else if (rule.reach === 'they own') add(rule, { owner: { $in: [...caller.posts] } })
    else if (rule.reach === 'everywhere') {
      if (named || city) add(rule)
    } else if (city) add(rule)
    else add(rule, { organisation: { $in: grants.flatMap((grant) => [...(grant.organisations ?? [])]) } })
  }
  return raw
}

/** Joins the rules of all modules. Abilities are cached per caller object, so one request builds one. */
export function createPolicies(rules: readonly PolicyRule[]): Policies {
  // Either would let `can` allow reading what the SQL condition leaves out.
  for (const rule of rules)
    for (const action of rule.actions)
      if (action === 'read' || action === 'manage')
        throw new Error(`A policy of ${rule.kinds.join(', ')} gives "${action}": reading follows the audience alone.`)
  for (const { kinds, reach, separatedFrom: fields = [] } of rules) {
    const named = reach === 'they own' ? 'owner' : typeof reach === 'object' ? reach.namedIn : 'organisation'
    if (fields.includes(named)) throw new Error(`A policy of ${kinds.join(', ')} takes out whom it means: "${named}".`)
  }
  const abilities = new WeakMap<Caller, MongoAbility>()
  const conditions = new WeakMap<Caller, RawBuilder<boolean>>()
  const abilityOf = (caller: Caller): MongoAbility => {
    let ability = abilities.get(caller)
    if (!ability) {
      ability = createMongoAbility([
        ...readRules(caller).map((each) => ({ action: 'read', subject: 'all', conditions: each })),
        ...writeRules(caller, rules),
      ])
      abilities.set(caller, ability)
    }
    return ability
  }
  return {
    can: (caller, action, row, field) =>
      caller.system || abilityOf(caller).can(action, subject(row.kind, { ...row }), field),
    canSome: (caller, action, kind) => caller.system || abilityOf(caller).can(action, kind),
    signature: (action, kind) =>
      rules.find((rule) => rule.signedBy && rule.actions.includes(action) && rule.kinds.includes(kind))?.signedBy,
    rolesFor: (action, kind) => {
      const named = rules.filter(({ actions, kinds }) => actions.includes(action) && kinds.includes(kind))
      return roles.filter((role) => named.some((rule) => rule.role === role))
    },
    visible: (caller) => {
      if (caller.system) return sql<boolean>`true`
      let condition = conditions.get(caller)
      if (!condition) {
        const tree = rulesToAST(abilityOf(caller), 'read', 'all')
        condition = tree ? toSql(tree as Tree) : sql<boolean>`false`
        conditions.set(caller, condition)
      }
      return condition
    },
    allowed: (caller, action, kind) => {
      if (caller.system) return sql<boolean>`true`
      const tree = rulesToAST(abilityOf(caller), action, kind)
      return tree ? toSql(tree as Tree) : sql<boolean>`false`
    },
    names: (kind) => rules.some((rule) => rule.kinds.includes(kind)),
    covers: (action, kind) =>
      action === 'read' ||
      rules.some((rule) => rule.actions.includes(action) && (rule.kinds.includes(kind) || rule.kinds.includes('*'))),
  }
}

/** The same policies as if one record were public: a preview of what publishing it would show. */
export const asIfPublic = (policies: Policies, id: string): Policies => ({
  ...policies,
  visible: (caller) => sql<boolean>`(${policies.visible(caller)} or r.id = ${id})`,
  can: (caller, action, row, field) => (action === 'read' && row.id === id) || policies.can(caller, action, row, field),
})

type Tree = { operator: string; field?: string; value: unknown }
const columns = new Set(['id', 'kind', 'organisation', 'owner', 'audience'])

function toSql(tree: Tree): RawBuilder<boolean> {
  if (tree.operator === 'and' || tree.operator === 'or') {
    const parts = (tree.value as Tree[]).map(toSql)
    if (parts.length === 0) return sql<boolean>`true`
    return sql<boolean>`(${sql.join(parts, tree.operator === 'and' ? sql` and ` : sql` or `)})`
  }
  if (!tree.field) throw new Error(`A row rule uses "${tree.operator}", which has no SQL here.`)
  const column = sql.ref(`${columns.has(tree.field) ? 'r' : 't'}.${tree.field}`)
  const type = tree.field === 'audience' || tree.field === 'kind' ? sql`text[]` : sql`uuid[]`
  if (tree.operator === 'eq') return sql<boolean>`${column} = ${tree.value}`
  if (tree.operator === 'in') return sql<boolean>`${column} = any(${tree.value}::${type})`
  if (tree.operator === 'nin') return sql<boolean>`coalesce(${column} <> all(${tree.value}::${type}), true)`
  throw new Error(`A row rule uses "${tree.operator}", which has no SQL here.`)
}
