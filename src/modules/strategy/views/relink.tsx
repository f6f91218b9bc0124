import type { View } from '#kernel/view.ts'
import { Form } from '#web/controls/form.tsx'
import { EmptyState } from '#web/parts/card.tsx'
import { QuietSelect, Tick } from '#web/parts/choose.tsx'
import { PageHead } from '#web/parts/head.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type RelinkData = {
  readonly options: ReadonlyArray<{ readonly id: string; readonly label: string }>
  readonly rows: ReadonlyArray<{
    readonly key: string
    readonly outcome: NamedLink & { readonly code: string }
    readonly sentence: NamedLink
    /** The sentence that replaced it, as the default. */
    readonly to: string
  }>
}

/** Outcomes that answer a replaced sentence, and which one they answer from now on. */
export function relinkView({ options, rows }: RelinkData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead title={say('strategy.relink.title')} lead={say('strategy.relink.lead')} />
      {rows.length === 0 ? (
        <EmptyState title={say('strategy.relink.none')} icon="check-circle" level={2}>
          <p>
            <a href="/strategy/vision">{say('strategy.vision.title')}</a>
          </p>
        </EmptyState>
      ) : (
        <Form
          action="/strategy/vision/relink"
          csrf={view.csrf}
          submit={say('strategy.relink.submit')}
          cancel={{ href: '/strategy/vision', label: say('strategy.relink.later') }}
        >
          <DataTable
            id="relink"
            caption={say('strategy.relink.caption')}
            rows={rows}
            columns={[
              {
                name: 'outcome',
                head: say('strategy.outcome'),
                names: true,
                cell: (row) => <Tick id={`move-${row.key}`} name="move" value={row.key} checked label={row.outcome} />,
              },
              {
                name: 'from',
                head: say('strategy.relink.from'),
                cell: (row) => <NameLink name={row.sentence} />,
              },
              {
                name: 'to',
                head: say('strategy.relink.to'),
                cell: (row) => (
                  <QuietSelect
                    id={`to-${row.key}`}
                    name={`to.${row.key}`}
                    label={say('strategy.relink.to-for', { outcome: row.outcome.text })}
                    options={options}
                    value={row.to}
                    emptyLabel={say('strategy.relink.nothing')}
                  />
                ),
              },
            ]}
          />
        </Form>
      )}
    </>
  )
}
