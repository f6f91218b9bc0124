import type { View } from '#kernel/view.ts'
import { DecimalControl } from '#web/controls/number.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { fieldsOf, listed, type Mistakes } from '#web/form-fields.ts'
import { Button } from '#web/parts/button.tsx'
import { RecordHead, Section } from '#web/parts/head.tsx'
import type { NamedLink } from '#web/parts/name.tsx'
import { ErrorSummary } from '#web/parts/notice.tsx'
import { PostForm } from '#web/parts/post.tsx'
import { DataTable } from '#web/parts/table.tsx'
import type { Standing } from '../rules-figure.ts'

export type FigureSource = {
  readonly code: string
  readonly name: string
  readonly meaning: string
  readonly page: string | null
  /** Page to confirm or replace values; absent for those who may not. */
  readonly settle: string | null
  readonly unit: string
  readonly rows: ReadonlyArray<{
    readonly from: string
    readonly period: string
    /** What the figure gave, in words. */
    readonly given: string
    readonly plain: string
    /** The value of the indicator. */
    readonly stands: string | null
    readonly standing: Standing
    readonly query: string | null
    readonly counted: string
  }>
}

function Brought({ source, view }: { source: FigureSource; view: View }) {
  const { say } = view
  return (
    <DataTable
      id="brought"
      caption={say('indicators.figure.caption')}
      captionUnseen
      rows={source.rows}
      empty={<p class="cw-soft">{say('indicators.figure.not-yet')}</p>}
      columns={[
        { name: 'period', head: say('web.chart.period'), names: true, cell: (row) => row.period },
        { name: 'given', head: say('indicators.figure.given'), cell: (row) => row.given },
        {
          name: 'stands',
          head: say('indicators.figure.stands'),
          cell: (row) =>
            row.stands === null
              ? say('indicators.figure.standing.open')
              : `${row.stands} · ${say(`indicators.figure.standing.${row.standing}`)}`,
        },
        { name: 'counted', head: say('indicators.figure.counted'), cell: (row) => row.counted },
        {
          name: 'records',
          head: say('indicators.figure.records'),
          cell: (row) =>
            row.query ? <a href={row.query}>{say('indicators.figure.list', { period: row.period })}</a> : '',
        },
      ]}
    />
  )
}

/** On the page of an indicator: its values come from a figure, and lead on to the records counted. */
export function figureView(source: FigureSource, view: View) {
  const { say } = view
  const waiting = source.rows.filter(({ standing }) => standing === 'provisional').length
  return (
    <Section
      id="figure"
      title={say('indicators.figure.from', { name: source.name })}
      lead={source.meaning}
      beside={source.page ? <a href={source.page}>{say('indicators.figure.see')}</a> : undefined}
    >
      <Brought source={source} view={view} />
      {source.settle && waiting > 0 && (
        <p>
          <a class="ds-button" data-variant="secondary" href={source.settle}>
            {say('indicators.figure.settle', { count: waiting })}
          </a>
        </p>
      )}
    </Section>
  )
}

export type SettleData = NamedLink &
  FigureSource & { readonly given: Readonly<Record<string, string>>; readonly mistakes: Mistakes }

/** Confirms provisional values, or replaces them with a reason. */
export function figurePageView(data: SettleData, view: View) {
  const { say, csrf } = view
  const field = fieldsOf(data.given, data.mistakes)
  const waiting = data.rows.filter(({ standing }) => standing === 'provisional')
  return (
    <div class="cw-stack" data-gap="loose">
      <RecordHead record={data} lead={say('indicators.figure.lead', { name: data.name })} />
      <ErrorSummary mistakes={listed(data.mistakes)} />
      <Section id="waiting" title={say('indicators.figure.waiting')}>
        {waiting.length === 0 && <p class="cw-soft">{say('indicators.figure.none-waiting')}</p>}
        {waiting.length > 1 && (
          <PostForm
            action={data.settle ?? ''}
            csrf={csrf}
            hidden={{
              act: 'confirm',
              ...Object.fromEntries(waiting.map(({ from, plain }) => [`seen.${from}`, plain])),
            }}
            row
          >
            <Button>{say('indicators.figure.confirm-all', { count: waiting.length })}</Button>
          </PostForm>
        )}
        {waiting.map(({ from, period, stands, plain, query }) => (
          <section key={from} class="cw-card" aria-labelledby={`period-${from}`}>
            <h3 id={`period-${from}`}>{period}</h3>
            <p>
              <strong>{stands}</strong> {query && <a href={query}>{say('indicators.figure.list', { period })}</a>}
            </p>
            <PostForm
              action={data.settle ?? ''}
              csrf={csrf}
              hidden={{ from, [`seen.${from}`]: plain, act: 'confirm' }}
              row
            >
              <Button variant="secondary">{say('indicators.figure.confirm', { period })}</Button>
            </PostForm>
            <details open={data.given.from === from}>
              <summary>{say('indicators.figure.replace', { period })}</summary>
              <PostForm
                action={data.settle ?? ''}
                csrf={csrf}
                hidden={{ from, [`seen.${from}`]: plain, act: 'replace' }}
              >
                <DecimalControl
                  {...field(`value.${from}`, say('indicators.indicator.rows.measurement.value'))}
                  unit={data.unit}
                  required
                />
                <TextControl {...field(`why.${from}`, say('indicators.figure.why'))} max={1000} required />
                <Button variant="secondary">{say('indicators.figure.replace', { period })}</Button>
              </PostForm>
            </details>
          </section>
        ))}
      </Section>
      <Section id="all" title={say('indicators.figure.caption')}>
        <Brought source={data} view={view} />
      </Section>
    </div>
  )
}
