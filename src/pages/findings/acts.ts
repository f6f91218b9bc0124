/** Whether the reader may end a finding, and where: what is offered as theirs they can do. */
import type { AnyRecord } from '#kernel/record.ts'
import type { Context } from '#platform/context.ts'
import type { Finding, Waits } from '#platform/finding.ts'
import { may, maySome } from '../permission.ts'
import { presenterOf } from '../presenter.ts'

export type OfferedAct = { readonly href: string; readonly label: string }

/** The act that ends the finding about this record, if the reader may do it. */
export function actFor(ctx: Context, finding: Finding, record: AnyRecord, waits: Waits): OfferedAct | null {
  const { act } = finding
  const presenter = presenterOf(ctx)
  const own = `${finding.room}.finding.${finding.name}.act`
  const label = (otherwise: string) => (presenter.has(own) ? presenter.say(own) : otherwise)
  const address = presenter.href(record.kind, record.code)
  if ('edit' in act) {
    const allowed = may(ctx, 'change', record) && (act.edit === true || may(ctx, 'change', record, act.edit))
    return allowed ? { href: `${address}/edit`, label: label(presenter.say('finding.act.edit')) } : null
  }
  if ('rows' in act)
    return may(ctx, `rows.${act.rows}`, record)
      ? { href: `${address}/${act.below ?? `rows/${act.rows}`}`, label: label(presenter.say('finding.act.enter')) }
      : null
  if ('verb' in act) {
    const verbs = ctx.registry.kind(record.kind).verbs
    for (const name of [act.verb].flat()) {
      const verb = verbs.find((each) => each.name === name && each.from.includes(record.state))
      if (verb && may(ctx, name, record))
        return {
          href: presenter.href(record.kind, record.code, name),
          label: label(presenter.verb(record.kind, name, verb.to)),
        }
    }
    return null
  }
  const asked = act.on
    ? { ...record, kind: act.on, organisation: waits.organisation, owner: waits.post ?? record.owner }
    : record
  return may(ctx, act.may, asked)
    ? { href: act.page(ctx, record), label: label(presenter.say('finding.act.page')) }
    : null
}

/** Where many are ended together, if the reader may. */
export const togetherFor = (ctx: Context, { together }: Finding): string | null =>
  together && maySome(ctx, together.may, together.on) ? together.page : null

/** Roles that may end it, in the reader's words: said to those who may not. */
export function rolesFor(ctx: Context, { act }: Finding, kind: string): string {
  const { say } = presenterOf(ctx)
  const [action, on] =
    'edit' in act
      ? ['change', kind]
      : 'rows' in act
        ? [`rows.${act.rows}`, kind]
        : 'verb' in act
          ? [[act.verb].flat()[0]!, kind]
          : [act.may, act.on ?? kind]
  const roles = ctx.policies.rolesFor(action, on).map((role) => say(`finding.role.${role}`))
  return new Intl.ListFormat(ctx.language, { type: 'disjunction' }).format(roles)
}
