import type { View } from '#kernel/view.ts'
import { LinkButton } from '#web/parts/button.tsx'
import { EmptyState } from '#web/parts/card.tsx'
import { type FilterChoice, ListFilters } from '#web/parts/filters.tsx'
import { PageHead } from '#web/parts/head.tsx'
import { Pager } from '#web/parts/table.tsx'
import type { IndicatorSummary } from '../pages-summary.ts'
import { IndicatorTable } from './rows.tsx'

export type ListData = {
  readonly rows: readonly IndicatorSummary[]
  readonly total: number
  readonly expected: string | null
  readonly filters: Readonly<Record<string, string>>
  readonly choices: readonly FilterChoice[]
  readonly keep: Readonly<Record<string, string>>
  readonly next: string | null
  readonly csv: string
  readonly filtered: boolean
  readonly empty: boolean
  readonly mayCreate: boolean
  /** Description of a filter that no control shows. */
  readonly about: string | null
}

/** All indicators, for working: filters, text search, status of each. */
export function listView(data: ListData, view: View) {
  const { say } = view
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead
        title={say('indicators.list.title')}
        lead={data.about ?? say('indicators.list.lead')}
        actions={
          <>
            {data.mayCreate && (
              <LinkButton href="/indicators/indicators/new" icon="plus">
                {say('indicators.list.new')}
              </LinkButton>
            )}
            <LinkButton href="/indicators/library" variant="secondary" icon="document">
              {say('indicators.library.link')}
            </LinkButton>
          </>
        }
      />
      {data.empty ? (
        <EmptyState
          title={say('indicators.list.none')}
          icon="chart"
          actions={<LinkButton href="/indicators/library">{say('indicators.library.link')}</LinkButton>}
        >
          <p>{say('indicators.list.none-lead')}</p>
        </EmptyState>
      ) : (
        <>
          <ListFilters
            action="/indicators"
            given={data.filters}
            words={say('indicators.list.words')}
            choices={data.choices}
            any={say('indicators.list.any')}
            keep={data.keep}
            reset={data.filtered ? '/indicators' : undefined}
          />
          <p class="cw-soft">
            {say('indicators.list.count', { count: data.total })} {data.expected}
          </p>
          <IndicatorTable
            id="indicator-list"
            caption={say('indicators.list.title')}
            rows={data.rows}
            view={view}
            owners
            empty={say('indicators.list.nothing-found')}
          />
          <div class="cw-cluster">
            <Pager
              older={data.next ?? undefined}
              summary={say('indicators.list.shown', { shown: data.rows.length, count: data.total })}
            />
            {data.rows.length > 0 && (
              <LinkButton href={data.csv} variant="secondary" icon="download" download>
                {say('indicators.list.csv')}
              </LinkButton>
            )}
          </div>
        </>
      )}
    </div>
  )
}
