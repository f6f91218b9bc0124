import type { View } from '#kernel/view.ts'
import { type FindingStep, FindingSteps } from '#web/finding-pages/item.tsx'
import { Section } from '#web/parts/head.tsx'
import { DataTable } from '#web/parts/table.tsx'

type Amount = 'promised' | 'promisedSoFar' | 'realized' | 'validated' | 'cashed' | 'forecast'
export type LineView = Readonly<Record<'name' | 'prices' | Amount, string>> & { readonly note: string | null }

export type MoneyAbove = {
  readonly steps: readonly FindingStep[]
  readonly gains: readonly LineView[]
  readonly losses: readonly LineView[]
  readonly disputed: readonly LineView[]
}

/** What to do, and money by kind; whoever has narrowed the list wants the list. */
export function moneyView({ steps, gains, losses, disputed }: MoneyAbove, view: View) {
  const { say } = view
  const lost = losses.length > 0 && <a href="/benefits?effect=loss">{say('benefits.losses.title')}</a>
  return (
    <>
      {steps.length > 0 && <FindingSteps steps={steps} />}
      <Section id="money" title={say('benefits.money.title')} lead={say('benefits.money.lead')} beside={lost}>
        <MoneyTable id="gains" caption={say('benefits.money.gains')} lines={gains} view={view} />
        {losses.length > 0 && (
          <MoneyTable id="losses" caption={say('benefits.money.losses')} lines={losses} view={view} />
        )}
        {disputed.length > 0 && (
          <MoneyTable id="disputed" caption={say('benefits.money.disputed')} lines={disputed} view={view} />
        )}
      </Section>
    </>
  )
}

/** Lines that are never added up: each kind of money separately. */
function MoneyTable({
  id,
  caption,
  lines,
  view,
}: {
  id: string
  caption: string
  lines: readonly LineView[]
  view: View
}) {
  const { say } = view
  const number = (name: Exclude<keyof LineView, 'note'>) => ({
    name,
    head: say(`benefits.money.${name}`),
    numeric: true,
    cell: (row: LineView) => <bdi>{row[name]}</bdi>,
  })
  return (
    <DataTable
      id={id}
      caption={caption}
      rows={lines}
      empty={<p class="cw-soft">{say('benefits.money.none')}</p>}
      columns={[
        {
          name: 'name',
          head: say('benefits.money.name'),
          names: true,
          cell: (row) => (
            <>
              {row.name}
              <br />
              <span class="cw-soft cw-small">
                {row.prices}
                {row.note && <> · {row.note}</>}
              </span>
            </>
          ),
        },
        number('promised'),
        number('promisedSoFar'),
        number('realized'),
        number('validated'),
        number('cashed'),
        number('forecast'),
      ]}
    />
  )
}
