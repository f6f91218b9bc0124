import type { View } from '#kernel/view.ts'
import { ChoiceControl, SelectControl } from '#web/controls/choice.tsx'
import { Form } from '#web/controls/form.tsx'
import { DecimalControl } from '#web/controls/number.tsx'
import { ParagraphControl } from '#web/controls/text.tsx'
import { fieldsOf, listed } from '#web/form-fields.ts'
import { EmptyState } from '#web/parts/card.tsx'
import { RecordHead } from '#web/parts/head.tsx'
import type { NamedLink } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'

export type CashData = NamedLink & {
  readonly code: string
  readonly currency: string
  readonly lines: ReadonlyArray<{
    readonly key: string
    readonly label: string
    readonly state: string
    readonly found: string | null
  }>
  readonly given: Readonly<Record<string, string>>
  readonly mistakes: Readonly<Record<string, string>>
  /** Does the caller hold a post to confirm with? */
  readonly posts: boolean
}

/** Finance records what it found in one budget line. Only that counts as cashed. */
export function cashView(data: CashData, { say, csrf }: View) {
  const { given, mistakes } = data
  const named = fieldsOf(given, mistakes)
  const field = (name: string) => named(name, say(`benefits.cash.${name}`))
  const first = data.lines.find((line) => line.state === 'unseen')
  return (
    <>
      <RecordHead record={data} lead={say('benefits.cash.lead')} />
      {!data.posts && <Notice tone="warning">{say('problem.benefits.confirm-with-a-post')}</Notice>}
      {data.lines.length === 0 ? (
        <EmptyState title={say('benefits.cash.none')} icon="document">
          <p>{say('benefits.cash.none-lead')}</p>
        </EmptyState>
      ) : (
        <>
          {data.lines.some((line) => line.found) && (
            <ul>
              {data.lines
                .filter((line) => line.found)
                .map((line) => (
                  <li key={line.key}>
                    {line.label}: {line.found}
                  </li>
                ))}
            </ul>
          )}
          <Form
            action={`${data.href}/cash`}
            csrf={csrf}
            mistakes={listed(mistakes)}
            submit={say('benefits.cash.save')}
            note={say('benefits.cash.note-history')}
            cancel={{ href: data.href }}
          >
            <SelectControl
              {...named('line', say('benefits.cash.line-of'))}
              value={given.line ?? first?.key ?? ''}
              options={data.lines.map((line) => ({ value: line.key, label: line.label }))}
              required
            />
            <ChoiceControl
              {...field('verdict')}
              options={(['confirmed', 'refused'] as const).map((value) => ({
                value,
                label: say(`benefits.benefit.choice.confirmation.verdict.${value}`),
              }))}
              required
            />
            <DecimalControl {...field('amount')} unit={data.currency} hint={say('benefits.cash.amount-hint')} />
            <ParagraphControl {...field('note')} rows={3} max={1000} hint={say('benefits.cash.note-hint')} />
          </Form>
        </>
      )}
    </>
  )
}
