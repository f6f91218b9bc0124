import type { View } from '#kernel/view.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { FormGroup } from '#web/controls/form.tsx'
import { TextControl } from '#web/controls/text.tsx'
import type { MappingForm } from '../queries-form.ts'
import type { Question } from '../queries-meaning.ts'

type Part = { form: MappingForm; view: View }

/** When the file's year begins; only files with periods need it. */
export function FiscalYear({ form, view: { say } }: Part) {
  const word = (key: string) => say(`imports.${key}`)
  return (
    <>
      <SelectControl
        id="field-fiscalStartMonth"
        name="fiscalStartMonth"
        label={word('map.fiscal-start')}
        hint={word('map.fiscal-hint')}
        value={form.fiscalStartMonth}
        required
        options={Array.from({ length: 12 }, (_, index) => ({
          value: String(index + 1),
          label: say('imports.month', { month: index + 1 }),
        }))}
      />
      <SelectControl
        id="field-fiscalNamedBy"
        name="fiscalNamedBy"
        label={word('map.fiscal-named')}
        value={form.fiscalNamedBy}
        required
        options={['end', 'start'].map((each) => ({ value: each, label: word(`fiscal-named.${each}`) }))}
      />
    </>
  )
}

type QuestionsProps = Part & { questions: readonly Question[]; ofKind: boolean }

/** What a file itself does not say, asked once for all its rows. */
export function Questions({ form, questions, ofKind, view: { say } }: QuestionsProps) {
  return (
    <FormGroup
      title={say('imports.group.answers')}
      lead={say(`imports.group.${ofKind ? 'required-lead' : 'answers-lead'}`)}
    >
      {questions.map(({ to, label, hint, choices, none }) => {
        const at = { id: `field-constants-${to.replaceAll('.', '-')}`, name: `constants.${to}`, label, hint }
        const value = form.answers[to] ?? ''
        return choices ? (
          <SelectControl
            key={to}
            {...at}
            value={value}
            emptyLabel={none}
            required={none === undefined}
            options={choices}
          />
        ) : (
          <TextControl key={to} {...at} value={value} />
        )
      })}
    </FormGroup>
  )
}
