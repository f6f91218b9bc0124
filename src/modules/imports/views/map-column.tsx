import type { View } from '#kernel/view.ts'
import { FlagControl, SelectControl } from '#web/controls/choice.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { Disclosure } from '#web/parts/card.tsx'
import { Notice } from '#web/parts/notice.tsx'
import type { MappingForm } from '../queries-form.ts'
import type { Option } from '../queries-meaning.ts'

const readings = [
  'text',
  'number',
  'percent',
  'duration-minutes-seconds',
  'duration-hours-minutes',
  'day',
  'period',
  'choice',
]

export type MapColumn = {
  readonly name: string
  readonly kind: string
  readonly examples: readonly string[]
  readonly filled: number
  readonly missing: number
  /** Colours of cells without text, and how many cells have them. */
  readonly colours: ReadonlyArray<{ readonly colour: string; readonly count: number }>
}

type ColumnPartProps = {
  column: MapColumn
  index: number
  form: MappingForm['columns'][number] | undefined
  meanings: readonly Option[]
  /** What a status may be, where columns may hold values of a period. */
  statuses: readonly Option[] | null
  say: View['say']
}

/** One column: what it looks like, what it means, and, folded away, what only some columns need. */
export function ColumnPart({ column, index, form, meanings, statuses, say }: ColumnPartProps) {
  const word = (key: string) => say(`imports.${key}`)
  const at = (field: string) => ({ id: `field-c${index}-${field}`, name: `c${index}.${field}` })
  const known = form ?? { to: '', as: 'text', period: '', status: '', choices: '', id: false, colour: false }
  const open =
    known.choices !== '' || known.period !== '' || (known.status !== '' && known.status !== statuses?.[0]?.value)
  return (
    <fieldset class="cw-form-group">
      <legend>
        <bdi>{column.name}</bdi>
      </legend>
      <p class="cw-soft cw-small">
        {say(`tabular.column-kind.${column.kind}`)} ·{' '}
        {say('imports.filled', { filled: column.filled, missing: column.missing })}
        {column.examples.length > 0 && (
          <>
            {' · '}
            <bdi>{column.examples.join(' | ')}</bdi>
          </>
        )}
      </p>
      {column.colours.length > 0 && (
        <Notice tone="warning" title={say('imports.colour-title')}>
          <p>
            {say('imports.colour-lead', {
              colours: column.colours.map(({ colour, count }) => `${colour} (${count})`).join(', '),
            })}
          </p>
        </Notice>
      )}
      {known.colour && <input type="hidden" name={`c${index}.colour`} value="true" />}
      <SelectControl
        {...at('to')}
        label={word('map.means')}
        value={known.to}
        emptyLabel={word('map.leave-out')}
        options={meanings}
      />
      <SelectControl
        {...at('as')}
        label={word('map.read-as')}
        value={known.as}
        required
        options={readings.map((each) => ({ value: each, label: word(`as.${each}`) }))}
      />
      <FlagControl {...at('id')} label={word('map.identifies')} value={known.id} />
      <Disclosure summary={say('imports.map.more', { name: column.name })} open={open}>
        {statuses && (
          <>
            <TextControl
              {...at('period')}
              label={word('map.period')}
              hint={word('map.period-hint')}
              value={known.period}
              width="short"
            />
            <SelectControl
              {...at('status')}
              label={word('map.status')}
              value={known.status || (statuses[0]?.value ?? '')}
              required
              options={statuses}
            />
          </>
        )}
        <TextControl
          {...at('choices')}
          label={word('map.choices')}
          hint={word('map.choices-hint')}
          value={known.choices}
        />
      </Disclosure>
    </fieldset>
  )
}
