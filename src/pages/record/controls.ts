/** The controls of a form, each with its value, its choices and what is wrong with it. */
import { type Field, textsOf } from '#kernel/fields/field.ts'
import { fieldType } from '#kernel/fields/types.ts'
import { type FieldProblem, Problem } from '#kernel/problem.ts'
import { type FormField, fieldsetOf } from '#kernel/projections/fieldset.ts'
import { audiences, type RecordKind } from '#kernel/record.ts'
import { documentOf } from '#platform/http/index.ts'
import type { AppContext } from '#platform/page.ts'
import { isId } from '#platform/records/index.ts'
import { controlId } from '#web/controls/control.tsx'
import type { RecordOption } from '#web/controls/reference.tsx'
import type { WritingLanguage } from '#web/controls/text.tsx'
import type { FieldMistake } from '#web/parts/notice.tsx'
import type { ControlView, LinkRow } from '#web/record-pages/controls.tsx'
import { presenterOf } from '../presenter.ts'
import { type FormValues, fieldOf, formMedium, languagesOf, partsFromForm } from './form-values.ts'
import { oneOf } from './kind-pages.ts'
import { type Options, optionsFor } from './options.ts'

/** Each language's name in that language. */
const languageNames: Record<string, string> = { en: 'English', 'zh-Hans': '简体中文' }
export const writingLanguages = (ctx: AppContext): WritingLanguage[] =>
  languagesOf(ctx).map((tag) => ({ tag, name: languageNames[tag] ?? tag }))

/** Fields of a form in a state, the audience among them (but never "public": publishing is a separate act). */
export function fieldsOf(ctx: AppContext, kind: RecordKind, state: string, isPublic: boolean): FormField[] {
  const { say, has } = presenterOf(ctx)
  const fields = fieldsetOf(kind, state, ctx.registry.wellKnown, say, has)
  if (isPublic) return fields
  const audience: FormField = {
    name: 'audience',
    type: 'choice',
    label: say('record.field.audience'),
    hint: say('record.form.audience-hint'),
    required: true,
    localized: false,
    choices: audiences
      .filter((each) => each !== 'public')
      .map((value) => ({ value, label: say(`web.audience.${value}`) })),
  }
  return [...fields.slice(0, 3), audience, ...fields.slice(3)]
}

export type ProblemMessages = {
  /** By form name; by language where only one language is wrong. */
  readonly byField: ReadonlyMap<string, string | Record<string, string>>
  readonly mistakes: readonly FieldMistake[]
}

/** The part of a form that a place inside a value belongs to; '' where it concerns the whole. */
export function partAt(ctx: AppContext, field: Field, segment: string): string {
  const names = fieldType(field.type)
    .parts(field, formMedium(ctx))
    .map((part) => part.name)
  if (names.length < 2) return ''
  if (names.includes(segment)) return segment
  // The main part has no name of its own: an amount, a value, a text. A span asks for its last day.
  return names.includes('') ? 'value' : names.at(-1)!
}

/** What the control of a part is called. */
const calledAt = (ctx: AppContext, field: Field, tag: string): string =>
  fieldType(field.type)
    .parts(field, formMedium(ctx))
    .find(({ name }) => name === (tag === 'value' ? '' : tag))?.called ?? tag

/** Problems of the gate as sentences, each at its control. */
export function problemMessages(
  ctx: AppContext,
  kind: RecordKind,
  problems: readonly FieldProblem[],
  prefix?: string,
): ProblemMessages {
  const presenter = presenterOf(ctx)
  const document = documentOf(new Problem('Invalid', 'records.invalid', { fields: problems }), {
    registry: ctx.registry,
    language: ctx.language,
    instance: '',
    request: '',
    kind: kind.kind,
  })
  const byField = new Map<string, string | Record<string, string>>()
  const mistakes: FieldMistake[] = []
  for (const { pointer, detail } of document.errors ?? []) {
    const [first = '', second = ''] = pointer.split('/').slice(1)
    const isLink = first === 'links'
    const name = isLink ? `links.${second}` : first
    const field = isLink ? undefined : first === 'title' ? kind.title : kind.fields[first]
    const label = isLink
      ? presenter.say(`${kind.kind}.link.${second}`)
      : first === ''
        ? ''
        : presenter.fieldLabel(kind.kind, first)
    const byLanguage = Boolean(field?.localized)
    const declared = isLink ? undefined : kind.fields[first]
    const tag = byLanguage
      ? /^[a-z]{2}/.test(second)
        ? second
        : ''
      : declared && second !== ''
        ? partAt(ctx, declared, second)
        : ''
    const place = tag === '' || (byLanguage && languagesOf(ctx).length <= 1) ? '' : `-${tag}`
    const part = tag === '' || byLanguage || !declared ? '' : presenter.say(`web.part.${calledAt(ctx, declared, tag)}`)
    mistakes.push({
      field: first === '' ? 'main' : controlId(name, prefix) + place,
      text: label ? `${part === '' ? label : presenter.say('api.part-of', { field: label, part })}: ${detail}` : detail,
    })
    const known = byField.get(name)
    if (tag) byField.set(name, { ...(typeof known === 'object' ? known : {}), [tag]: detail })
    else byField.set(name, typeof known === 'string' ? `${known} ${detail}` : detail)
  }
  return { byField, mistakes }
}

/** The controls of some fields, filled with what was typed. */
export async function controlsFor(
  ctx: AppContext,
  kind: RecordKind,
  fields: readonly FormField[],
  typed: FormValues,
  wrong: ProblemMessages,
  suggestions: ReadonlyMap<string, readonly RecordOption[]> = new Map(),
): Promise<ControlView[]> {
  // Several fields may point to the same kinds; their choices are read once.
  const known = new Map<string, Promise<Options>>()
  const choices = async (to: readonly string[] | 'any', chosen: readonly string[]): Promise<Options> => {
    const slot = to === 'any' ? to : to.join(' ')
    if (!known.has(slot)) known.set(slot, optionsFor(ctx, to, []))
    const all = await known.get(slot)!
    const listed = all.options ?? all.suggestions
    const missing = chosen.filter((id) => isId(id) && !listed.some((option) => option.id === id))
    if (missing.length === 0) return all
    const more = await optionsFor(ctx, [], missing)
    return all.options
      ? { options: [...all.options, ...more.options!], suggestions: [] }
      : { suggestions: [...more.options!, ...all.suggestions] }
  }
  const choosing = async (to: readonly string[] | 'any', text: string, slot: string) => {
    const { options, suggestions: offered } = await choices(to, [text])
    if (options && (text === '' || options.some((option) => option.id === text))) return { options }
    const label = offered.find((option) => option.id === text)?.label ?? text
    return { search: { text: label, suggestions: suggestions.get(slot) ?? options ?? offered } }
  }
  const one = async (field: FormField): Promise<ControlView> => {
    const problem = wrong.byField.get(field.name)
    const base = { field, ...(problem ? { problem } : {}) }
    const to = field.to ?? []
    if (field.type === 'link') {
      const count = Math.min(Number(oneOf(typed[`rows.${field.name}`])) || 3, 500)
      const rows: LinkRow[] = []
      for (let index = 0; index < count; index++) {
        const slot = `${field.name}.${index}.to`
        const text = oneOf(typed[slot])
        rows.push({
          to: text,
          weight: oneOf(typed[`${field.name}.${index}.weight`]),
          ...(await choosing(to, text, slot)),
        })
      }
      return { ...base, value: {}, rows }
    }
    const declared = fieldOf(ctx, kind, field.name)!
    const value = partsFromForm(ctx, field.name, declared, typed)
    const part = fieldType(declared.type)
      .parts(declared, formMedium(ctx))
      .find(({ holds }) => holds === 'record')
    if (!part) return { ...base, value }
    if (!part.several) return { ...base, value, ...(await choosing(to, oneOf(value['']), field.name)) }
    const chosen = textsOf(value[''])
    const { options, suggestions: offered } = await choices(to, chosen)
    const found = (id: string) => (options ?? offered).find((option) => option.id === id)
    const text = oneOf(typed[`${field.name}.add`])
    return {
      ...base,
      value,
      chosen: chosen.map((id) => found(id) ?? { id, label: id }),
      ...(options && text === ''
        ? { options }
        : { search: { text, suggestions: suggestions.get(`${field.name}.add`) ?? offered } }),
    }
  }
  const shown: ControlView[] = []
  for (const field of fields) shown.push(await one(field))
  return shown
}
