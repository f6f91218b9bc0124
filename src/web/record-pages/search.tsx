import type { View } from '#kernel/view.ts'
import { TextControl } from '#web/controls/text.tsx'
import { EmptyState, Tabs } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'
import { StateBadge, type StateView } from '#web/parts/status.tsx'
import { FilterBar } from '#web/parts/table.tsx'

export type SearchGroup = {
  readonly kind: string
  readonly label: string
  readonly total: number
  readonly items: ReadonlyArray<NamedLink & { readonly code: string; readonly state: StateView }>
}
export type SearchView = {
  readonly asked: string
  /** Only this kind. */
  readonly kind?: string
  readonly groups: readonly SearchGroup[]
  /** All kinds with results, whatever is shown. */
  readonly kinds: ReadonlyArray<{ readonly kind: string; readonly label: string; readonly total: number }>
  readonly count: number
  readonly more: boolean
}

export function SearchPage(data: SearchView, view: View) {
  const { say } = view
  const address = (kind?: string) => `/search?${new URLSearchParams({ q: data.asked, ...(kind ? { kind } : {}) })}`
  const number = (count: number) => say('record.page.number', { count })
  return (
    <>
      <PageHead
        title={data.asked ? say('record.search.title-for', { question: data.asked }) : say('record.search.title')}
        {...(data.count > 0
          ? { lead: say(data.more ? 'record.search.many' : 'record.search.count', { count: data.count }) }
          : {})}
      />
      <FilterBar action="/search" label={say('record.search.title')}>
        <TextControl id="search-q" name="q" label={say('record.search.words')} value={data.asked} kind="search" />
      </FilterBar>
      {data.kinds.length > 1 && (
        <Tabs
          label={say('record.search.kinds')}
          tabs={[
            {
              label: say('record.search.all'),
              href: address(),
              current: data.kind === undefined,
              count: number(data.count),
            },
            ...data.kinds.map(({ kind, label, total }) => ({
              label,
              href: address(kind),
              current: kind === data.kind,
              count: number(total),
            })),
          ]}
        />
      )}
      {data.groups.map((group) => (
        <Section
          key={group.kind}
          id={`kind-${group.kind.replace('.', '-')}`}
          title={group.label}
          beside={<bdi class="cw-soft">{number(group.total)}</bdi>}
        >
          <ul>
            {group.items.map((item) => (
              <li key={item.href}>
                <NameLink name={item} />{' '}
                <span class="cw-soft cw-small">
                  <bdi>{item.code}</bdi>
                </span>{' '}
                <StateBadge stage={item.state.stage}>{item.state.label}</StateBadge>
              </li>
            ))}
          </ul>
          {group.total > group.items.length && (
            <p>
              {data.kind === group.kind ? (
                say('record.search.narrow', { count: group.total - group.items.length })
              ) : (
                <a href={address(group.kind)}>
                  {say('record.search.more', { count: group.total - group.items.length })}
                </a>
              )}
            </p>
          )}
        </Section>
      ))}
      {data.groups.length === 0 && (
        <EmptyState icon="search" title={say(data.asked ? 'record.search.nothing' : 'record.search.start')}>
          <p>{say(data.asked ? 'record.search.advice' : 'record.search.start-advice')}</p>
        </EmptyState>
      )}
    </>
  )
}
