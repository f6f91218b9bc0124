import { SelectControl } from '../controls/choice.tsx'
import { TextControl } from '../controls/text.tsx'
import { FilterBar } from './table.tsx'

export type FilterChoice = {
  readonly name: string
  readonly label: string
  readonly options: ReadonlyArray<{ readonly value: string; readonly label: string }>
  /** One of the options narrows nothing, so no further one has to say so. */
  readonly complete?: boolean
}

type ListFiltersProps = {
  action: string
  /** What the address asks for now, by the names of the filters. */
  given: Readonly<Record<string, string>>
  /** Label of the search for words; left out where there is none. */
  words?: string
  choices: readonly FilterChoice[]
  /** What a filter says that narrows nothing. */
  any: string
  keep?: Readonly<Record<string, string>>
  reset?: string
}

/** Words and choices that narrow a list. They are all optional, so none of them says it. */
export function ListFilters({ action, given, words, choices, any, keep, reset }: ListFiltersProps) {
  return (
    <FilterBar action={action} keep={keep} reset={reset}>
      {words && <TextControl id="filter-q" name="q" kind="search" label={words} value={given.q} required />}
      {choices.map(({ name, label, options, complete }) => {
        const value = given[name] ?? ''
        return (
          <SelectControl
            key={name}
            id={`filter-${name}`}
            name={name}
            label={label}
            options={complete || value === '' ? options : [{ value: '', label: any }, ...options]}
            emptyLabel={any}
            value={value}
            required
          />
        )
      })}
    </FilterBar>
  )
}
