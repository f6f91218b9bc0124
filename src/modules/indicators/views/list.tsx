import type { View } from '#kernel/view.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { LinkButton } from '#web/parts/button.tsx'
import { EmptyState } from '#web/parts/card.tsx'
import { PageHead } from '#web/parts/head.tsx'
import { FilterBar, Pager } from '#web/parts/table.tsx'
import type { ShownIndicator } from '../pages-shown.ts'
import { IndicatorTable } from './rows.tsx'

export type ListData = {
  readonly rows: readonly ShownIndicator[]
  readonly total: number
  readonly expected: string | null
  readonly filters: Readonly<Record<string, string>>
  readonly choices: ReadonlyArray<{
    readonly name: string
    readonly label: string
    readonly options: ReadonlyArray<{ value: string; label: string }>
  }>
  readonly keep: Readonly<Record<string, string>>
  readonly next: string | null
  readonly csv: string
  readonly filtered: boolean
  readonly empty: boolean
  readonly mayCreate: boolean
  /** What a filter that no control shows narrows the list to. */
  readonly about: string | null
}

/** All indicators for working: filters, words, where each stands. */
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
          <FilterBar action="/indicators" keep={data.keep} reset={data.filtered ? '/indicators' : undefined}>
            <TextControl
              id="filter-q"
              name="q"
              kind="search"
              label={say('indicators.list.words')}
              value={data.filters.q}
              required
            />
            {data.choices.map(({ name, label, options }) => (
              <SelectControl
                key={name}
                id={`filter-${name}`}
                name={name}
                label={label}
                options={[{ value: '', label: say('indicators.list.any') }, ...options]}
                value={data.filters[name] ?? ''}
                required
              />
            ))}
          </FilterBar>
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
