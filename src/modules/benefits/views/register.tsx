import type { View } from '#kernel/view.ts'
import { type FindingStep, FindingSteps } from '#web/finding-pages/item.tsx'
import { LinkButton } from '#web/parts/button.tsx'
import { EmptyState } from '#web/parts/card.tsx'
import { type FilterChoice, ListFilters } from '#web/parts/filters.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { DataTable } from '#web/parts/table.tsx'
import type { BenefitSummary } from '../pages-summary.ts'
import { BenefitTable } from './parts.tsx'

export type LineView = {
  readonly name: string
  readonly prices: string
  readonly promised: string
  readonly promisedSoFar: string
  readonly realized: string
  readonly validated: string
  readonly cashed: string
  readonly forecast: string
  readonly note: string | null
}

export type RegisterData = {
  readonly empty: boolean
  readonly rows: readonly BenefitSummary[]
  readonly losses: readonly BenefitSummary[]
  readonly total: number
  readonly counts: string
  readonly gains: readonly LineView[]
  readonly lossLines: readonly LineView[]
  readonly disputed: readonly LineView[]
  readonly steps: readonly FindingStep[]
  readonly filters: Readonly<Record<string, string>>
  readonly choices: readonly FilterChoice[]
  readonly filtered: boolean
  /** Filters set only by links: they are kept, and described in a sentence. */
  readonly keep: Readonly<Record<string, string>>
  readonly only: ReadonlyArray<'mine' | 'sign' | 'confirm'>
  readonly mayCreate: boolean
  readonly mayImport: boolean
}

/** All benefits: promised and realized by kind of money, what is lost, and each one with its status. */
export function registerView(data: RegisterData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead
        title={say('benefits.register.title')}
        lead={say('benefits.register.lead')}
        actions={
          data.mayCreate && (
            <>
              <LinkButton href="/benefits/benefits/new?effect=gain" icon="plus">
                {say('benefits.register.new')}
              </LinkButton>
              {data.mayImport && (
                <LinkButton href="/import" variant="secondary" icon="upload">
                  {say('benefits.bring.link')}
                </LinkButton>
              )}
            </>
          )
        }
      />
      {data.empty ? (
        <EmptyState
          title={say('benefits.register.none')}
          icon="target"
          actions={
            data.mayCreate && <LinkButton href="/benefits/framework">{say('benefits.framework.title')}</LinkButton>
          }
        >
          <p>{say(data.mayCreate ? 'benefits.register.none-lead' : 'benefits.register.none-public')}</p>
        </EmptyState>
      ) : (
        <>
          {!data.filtered && <Whole data={data} view={view} />}
          <Section id="all" title={say('benefits.register.all')}>
            {data.only.map((name) => (
              <p key={name}>{say(`benefits.register.only.${name}`)}</p>
            ))}
            <ListFilters
              action="/benefits"
              given={data.filters}
              words={say('benefits.filter.words')}
              choices={data.choices}
              any={say('benefits.filter.any')}
              keep={data.keep}
              reset={data.filtered ? '/benefits' : undefined}
            />
            <p class="cw-soft">{data.counts}</p>
            <BenefitTable
              id="benefit-list"
              caption={say('benefits.register.all')}
              unseen
              rows={data.rows}
              view={view}
            />
          </Section>
        </>
      )}
    </>
  )
}

/**
 * What is shown above the full list: what to do, money by kind, and who loses. Whoever filtered the list wants the
 * list.
 */
function Whole({ data, view }: { data: RegisterData; view: View }) {
  const { say } = view
  return (
    <>
      {data.steps.length > 0 && <FindingSteps steps={data.steps} />}
      <Section
        id="money"
        title={say('benefits.money.title')}
        lead={say('benefits.money.lead')}
        beside={<a href="/benefits/framework">{say('benefits.framework.title')}</a>}
      >
        <MoneyTable id="gains" caption={say('benefits.money.gains')} lines={data.gains} view={view} />
        {data.lossLines.length > 0 && (
          <MoneyTable id="losses" caption={say('benefits.money.losses')} lines={data.lossLines} view={view} />
        )}
        {data.disputed.length > 0 && (
          <MoneyTable id="disputed" caption={say('benefits.money.disputed')} lines={data.disputed} view={view} />
        )}
      </Section>
      {data.losses.length > 0 && (
        <Section id="dis-benefits" title={say('benefits.losses.title')} lead={say('benefits.losses.lead')}>
          <BenefitTable id="loss-list" caption={say('benefits.losses.title')} unseen rows={data.losses} view={view} />
        </Section>
      )}
    </>
  )
}

/** Lines that are never added up: each kind of money separately. */
export function MoneyTable({
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
