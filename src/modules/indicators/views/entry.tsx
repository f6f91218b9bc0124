import type { View } from '#kernel/view.ts'
import { type Option, SelectControl } from '#web/controls/choice.tsx'
import { Form, FormGroup } from '#web/controls/form.tsx'
import { DayControl, DecimalControl } from '#web/controls/number.tsx'
import { ParagraphControl, TextControl } from '#web/controls/text.tsx'
import { fieldsOf, listed, type Mistakes } from '#web/form-fields.ts'
import { RecordHead, Section } from '#web/parts/head.tsx'
import type { NamedLink } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { DataTable, Pager } from '#web/parts/table.tsx'

export type EntryData = NamedLink & {
  readonly code: string
  readonly given: Readonly<Record<string, string>>
  readonly mistakes: Mistakes
}

export type MeasurementEntry = EntryData & {
  readonly unit: string
  readonly divided: boolean
  readonly numerator: string
  readonly denominator: string
  readonly cell: string
  readonly cells: readonly Option[]
  /** Lines of the form: their positions, and which are due. */
  readonly lines: ReadonlyArray<{ readonly at: string; readonly title: string; readonly lead: string }>
  readonly statuses: readonly Option[]
  readonly existing: ReadonlyArray<{ period: string; value: string; status: string; note: string; correct: string }>
  readonly more: string | null
}

/** Values for periods that are due, and corrections of existing values. */
export function measurementsView(data: MeasurementEntry, { say, csrf }: View) {
  const { given, mistakes } = data
  const field = fieldsOf(given, mistakes)
  return (
    <div class="cw-stack" data-gap="loose">
      <RecordHead record={data} lead={say('indicators.entry.lead')} />
      {data.cells.length > 1 && (
        <nav aria-label={say('indicators.entry.parts')}>
          <ul class="cw-cluster">
            {data.cells.map(({ value, label }) => (
              <li key={value}>
                <a
                  href={`${data.href}/measurements?cell=${encodeURIComponent(value)}`}
                  aria-current={value === data.cell ? 'page' : undefined}
                >
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <Form
        action={`${data.href}/measurements`}
        csrf={csrf}
        hidden={{ cell: data.cell, lines: String(data.lines.length) }}
        mistakes={listed(mistakes)}
        submit={say('indicators.entry.save')}
        cancel={{ href: data.href }}
      >
        {data.lines.map(({ at, title, lead }) => (
          <FormGroup key={at} title={title} lead={lead}>
            <TextControl
              {...field(`period.${at}`, say('web.chart.period'))}
              hint={say('indicators.entry.period-hint')}
              width="short"
            />
            {data.divided && <DecimalControl {...field(`numerator.${at}`, data.numerator)} />}
            {data.divided && <DecimalControl {...field(`denominator.${at}`, data.denominator)} />}
            <DecimalControl
              {...field(`value.${at}`, say('indicators.indicator.rows.measurement.value'))}
              hint={data.divided ? say('indicators.entry.value-hint') : undefined}
              unit={data.unit}
            />
            <SelectControl {...field(`status.${at}`, say('web.chart.status'))} options={data.statuses} required />
            <TextControl {...field(`note.${at}`, say('indicators.indicator.rows.measurement.note'))} max={1000} />
          </FormGroup>
        ))}
        <ParagraphControl
          {...field('why', say('indicators.entry.why'))}
          hint={say('indicators.entry.why-hint')}
          rows={2}
          max={1000}
        />
      </Form>
      <Section id="existing" title={say('indicators.entry.existing')} lead={say('indicators.entry.existing-lead')}>
        <DataTable
          id="existing-table"
          caption={say('indicators.entry.existing')}
          captionUnseen
          rows={data.existing}
          empty={<p class="cw-soft">{say('indicators.silence.no-points')}</p>}
          columns={[
            { name: 'period', head: say('web.chart.period'), names: true, cell: (row) => row.period },
            { name: 'value', head: say('web.chart.value'), numeric: true, cell: (row) => <bdi>{row.value}</bdi> },
            { name: 'status', head: say('web.chart.status'), cell: (row) => row.status },
            { name: 'note', head: say('indicators.indicator.rows.measurement.note'), cell: (row) => row.note },
            {
              name: 'correct',
              head: say('indicators.entry.correct-head'),
              cell: (row) => (
                <a href={row.correct}>
                  {say('indicators.entry.correct')}
                  <span class="cw-unseen"> {row.period}</span>
                </a>
              ),
            },
          ]}
        />
        <Pager older={data.more ?? undefined} />
      </Section>
    </div>
  )
}

export type TargetEntry = EntryData & {
  readonly kinds: readonly Option[]
  readonly cells: readonly Option[]
  readonly unit: string
  readonly existing: readonly string[]
}

/** A new target: it is added to the earlier ones and rewrites none of them. */
export function targetView(data: TargetEntry, { say, csrf, today }: View) {
  const { given, mistakes } = data
  const named = fieldsOf(given, mistakes)
  const field = (name: string) => named(name, say(`indicators.indicator.rows.target.${name}`))
  return (
    <div class="cw-stack" data-gap="loose">
      <RecordHead record={data} lead={say('indicators.entry.target-lead')} />
      {data.existing.length > 0 && (
        <Notice title={say('indicators.entry.targets-so-far')}>
          <ul>
            {data.existing.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Form
        action={`${data.href}/targets`}
        csrf={csrf}
        mistakes={listed(mistakes)}
        submit={say('indicators.entry.target-save')}
        cancel={{ href: data.href }}
      >
        <FormGroup title={say('indicators.entry.target-what')}>
          <SelectControl {...field('targetKind')} options={data.kinds} required />
          <DecimalControl {...field('value')} hint={say('indicators.entry.target-value-hint')} unit={data.unit} />
          <DecimalControl {...field('low')} hint={say('indicators.entry.target-range-hint')} unit={data.unit} />
          <DecimalControl {...field('high')} unit={data.unit} />
          <DecimalControl {...field('base')} hint={say('indicators.entry.target-base-hint')} unit={data.unit} />
          {data.cells.length > 1 && <SelectControl {...field('cell')} options={data.cells} required />}
          <TextControl {...field('comparator')} hint={say('indicators.entry.comparator-hint')} max={200} />
        </FormGroup>
        <FormGroup title={say('indicators.entry.target-when')}>
          <DayControl {...field('from')} hint={say('indicators.entry.target-from-hint')} required />
          <DayControl {...field('dueOn')} hint={say('indicators.entry.target-due-hint')} />
          <DayControl {...field('setOn')} hint={say('indicators.entry.target-set-hint')} max={today} required />
        </FormGroup>
        <ParagraphControl
          {...field('why')}
          hint={say('indicators.entry.target-why-hint')}
          rows={3}
          max={1000}
          required
        />
      </Form>
    </div>
  )
}

export type BreakEntry = EntryData & {
  readonly kinds: readonly Option[]
  readonly directions: readonly Option[]
  readonly mayTurn: boolean
  readonly now: string
}

/** A break in the series, or a change in which direction is better: dated, with a reason. */
export function breakView(data: BreakEntry, { say, csrf }: View) {
  const { given, mistakes } = data
  const named = fieldsOf(given, mistakes)
  const field = (name: string) => named(name, say(`indicators.indicator.rows.break.${name}`))
  return (
    <div class="cw-stack" data-gap="loose">
      <RecordHead record={data} lead={say('indicators.entry.break-lead')} />
      <Form
        action={`${data.href}/breaks`}
        csrf={csrf}
        mistakes={listed(mistakes)}
        submit={say('indicators.entry.break-save')}
        cancel={{ href: data.href }}
      >
        <SelectControl {...field('breakKind')} options={data.kinds} required />
        <DayControl {...field('on')} required />
        {data.mayTurn && (
          <SelectControl
            {...field('direction')}
            hint={say('indicators.entry.direction-hint', { now: data.now })}
            options={data.directions}
          />
        )}
        <ParagraphControl {...field('reason')} rows={3} max={1000} required />
      </Form>
    </div>
  )
}
