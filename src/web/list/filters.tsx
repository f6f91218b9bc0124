import type { View } from '#kernel/view.ts'
import { type Option, SelectControl } from '#web/controls/choice.tsx'
import { DayControl, DecimalControl } from '#web/controls/number.tsx'
import { type RecordOption, ReferenceControl } from '#web/controls/reference.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { Disclosure } from '#web/parts/card.tsx'
import { FilterBar } from '#web/parts/table.tsx'

type End = { readonly name: string; readonly value: string }

/** A control that narrows a list, by the type of what it compares. */
export type FilterView =
  | {
      readonly as: 'choice'
      readonly name: string
      readonly label: string
      readonly value: string
      readonly options: readonly Option[]
    }
  | {
      readonly as: 'record'
      readonly name: string
      readonly label: string
      readonly search: { readonly text: string; readonly suggestions: readonly RecordOption[] }
    }
  | { readonly as: 'text'; readonly name: string; readonly label: string; readonly value: string }
  | { readonly as: 'days' | 'numbers'; readonly label: string; readonly low: End; readonly high: End }

type Props = {
  path: string
  words: string
  filters: readonly FilterView[]
  keep: Readonly<Record<string, string>>
  reset?: string | undefined
  view: View
}

/** Filters shown at once; the others are one step away, and open if one of them is set. */
const maxOpen = 5

export function FiltersOfList({ path, words, filters, keep, reset, view }: Props) {
  const { say } = view
  const shown = filters.slice(0, maxOpen)
  const more = filters.slice(maxOpen)
  return (
    <FilterBar action={path} keep={keep} {...(reset ? { reset } : {})}>
      <TextControl id="filter-q" name="q" kind="search" label={say('record.list.words')} value={words} required />
      {shown.map((filter) => (
        <FilterControl key={filter.label} filter={filter} view={view} />
      ))}
      {more.length > 0 && (
        <div class="cw-filter-more">
          <Disclosure summary={say('record.list.more-filters')} open={more.some(isSet)}>
            <div class="cw-filter">
              {more.map((filter) => (
                <FilterControl key={filter.label} filter={filter} view={view} />
              ))}
            </div>
          </Disclosure>
        </div>
      )}
    </FilterBar>
  )
}

const isSet = (filter: FilterView) =>
  'low' in filter
    ? filter.low.value !== '' || filter.high.value !== ''
    : (filter.as === 'record' ? filter.search.text : filter.value) !== ''

const idOf = (name: string) => `filter-${name.replaceAll(/[^A-Za-z0-9]+/g, '-')}`

function FilterControl({ filter, view }: { filter: FilterView; view: View }) {
  const { say } = view
  switch (filter.as) {
    case 'choice': {
      const { name, label, value, options } = filter
      const any = say('record.list.any')
      return (
        <SelectControl
          id={idOf(name)}
          name={name}
          label={label}
          value={value}
          options={value === '' ? options : [{ value: '', label: any }, ...options]}
          emptyLabel={any}
          required
        />
      )
    }
    case 'record':
      return (
        <ReferenceControl
          id={idOf(filter.name)}
          name={filter.name}
          label={filter.label}
          search={filter.search}
          required
        />
      )
    case 'text':
      return (
        <TextControl id={idOf(filter.name)} name={filter.name} label={filter.label} value={filter.value} required />
      )
    default: {
      const Control = filter.as === 'days' ? DayControl : DecimalControl
      return (
        <>
          {(['low', 'high'] as const).map((end) => (
            <Control
              key={end}
              id={idOf(filter[end].name)}
              name={filter[end].name}
              label={say(`record.list.${filter.as}-${end}`, { field: filter.label })}
              value={filter[end].value}
              required
            />
          ))}
        </>
      )
    }
  }
}
