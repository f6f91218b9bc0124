import type { Parts } from '#kernel/fields/field.ts'
import type { FormField } from '#kernel/projections/fieldset.ts'
import type { View } from '#kernel/view.ts'
import { controlId, FormControl } from '#web/controls/control.tsx'
import { FieldGroup } from '#web/controls/field.tsx'
import { DecimalControl } from '#web/controls/number.tsx'
import { type RecordOption, ReferenceControl, type ReferenceSearch } from '#web/controls/reference.tsx'
import type { WritingLanguage } from '#web/controls/text.tsx'

type Choosing = { readonly options?: readonly RecordOption[]; readonly search?: ReferenceSearch }
export type LinkRow = Choosing & { readonly to: string; readonly weight: string; readonly problem?: string }

/** A field with everything its control shows. */
export type ControlView = Choosing & {
  readonly field: FormField
  /** Its parts, as they are posted. */
  readonly value: Parts
  /** By language, for texts that are wrong in one of them. */
  readonly problem?: string | Readonly<Record<string, string>>
  readonly chosen?: readonly RecordOption[]
  /** For links: one row per end, and some empty ones. */
  readonly rows?: readonly LinkRow[]
}

type Props = {
  shown: ControlView
  languages: readonly WritingLanguage[]
  prefix?: string
  compact?: boolean
  view: View
}

export function RecordControl({ shown, languages, prefix, compact, view }: Props) {
  if (shown.rows) return <LinkRows shown={shown} rows={shown.rows} view={view} />
  const { field, value, problem, options, search, chosen } = shown
  return (
    <FormControl
      field={field}
      value={value}
      languages={languages}
      {...(compact ? { compact } : {})}
      {...(prefix ? { prefix } : {})}
      {...(problem ? { problem } : {})}
      {...(options ? { options } : {})}
      {...(search ? { search } : {})}
      {...(chosen ? { chosen } : {})}
    />
  )
}

function LinkRows({ shown, rows, view }: { shown: ControlView; rows: readonly LinkRow[]; view: View }) {
  const { say } = view
  const { field, problem } = shown
  return (
    <FieldGroup
      id={controlId(field.name)}
      label={field.label}
      {...(field.hint ? { hint: field.hint } : {})}
      {...(typeof problem === 'string' ? { problem } : {})}
    >
      <input type="hidden" name={`rows.${field.name}`} value={String(rows.length)} />
      {rows.map((row, index) => {
        const name = `${field.name}.${index}`
        const common = {
          id: controlId(`${name}.to`),
          name: `${name}.to`,
          label: say('record.form.link-row', { label: field.label, number: index + 1 }),
          value: row.to,
          ...(row.problem ? { problem: row.problem } : {}),
        }
        const end = row.options ? (
          <ReferenceControl key={name} {...common} options={row.options} />
        ) : (
          <ReferenceControl key={name} {...common} search={row.search ?? { suggestions: [] }} />
        )
        if (!field.weighted) return end
        return (
          <div key={name} class="cw-field">
            <div class="cw-grid">
              {end}
              <DecimalControl
                id={controlId(`${name}.weight`)}
                name={`${name}.weight`}
                label={say('record.form.weight', { number: index + 1 })}
                value={row.weight}
              />
            </div>
          </div>
        )
      })}
      <div>
        <button class="ds-button" type="submit" data-variant="tertiary" name="act" value={`more:${field.name}`}>
          {say('record.form.more-rows')}
        </button>
      </div>
    </FieldGroup>
  )
}
