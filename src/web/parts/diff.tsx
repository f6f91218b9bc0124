import type { ComponentChildren } from 'preact'
import { useLanguage } from '../language.tsx'
import { Badge } from './status.tsx'
import { DataTable } from './table.tsx'

export type Difference = {
  /** Name of the form field, e.g. `title.en`. */
  readonly name: string
  readonly field: string
  readonly was?: ComponentChildren
  readonly theirs?: ComponentChildren
  readonly mine?: ComponentChildren
  /** Both sides changed it, differently: somebody must choose. */
  readonly clash: boolean
}

type DiffTableProps = {
  id: string
  caption: string
  differences: readonly Difference[]
  /** Who the others are: 'A. Okafor, 3 minutes ago'. */
  theirName: string
  /** Inside a form: a choice for every conflicting field, posted as `keep.<name>` = mine | theirs. */
  choose?: boolean
}

/** Two people changed the same record: the original, their version, my version. */
export function DiffTable({ id, caption, differences, theirName, choose }: DiffTableProps) {
  const { say } = useLanguage()
  const nothing = <span class="cw-soft">{say('web.history.nothing')}</span>
  const side = (difference: Difference, which: 'mine' | 'theirs') => {
    const value = difference[which] ?? nothing
    if (!choose || !difference.clash) return value
    const input = `${id}-${difference.name}-${which}`
    return (
      <div class="ds-field">
        <input
          class="ds-input"
          type="radio"
          id={input}
          name={`keep.${difference.name}`}
          value={which}
          checked={which === 'theirs'}
        />
        <label class="ds-label" data-weight="regular" for={input}>
          <span class="cw-unseen">{say(`web.diff.keep-${which}`, { field: difference.field })} </span>
          {value}
        </label>
      </div>
    )
  }
  return (
    <DataTable
      id={id}
      caption={caption}
      rows={differences}
      marked={({ clash }) => clash}
      columns={[
        {
          name: 'field',
          head: say('web.diff.field'),
          names: true,
          cell: (difference) => (
            <>
              {difference.field}{' '}
              {difference.clash && (
                <Badge icon="alert" tone="concern">
                  {say('web.diff.clash')}
                </Badge>
              )}
            </>
          ),
        },
        { name: 'was', head: say('web.diff.was'), cell: ({ was }) => was ?? nothing },
        { name: 'theirs', head: say('web.diff.theirs', { name: theirName }), cell: (each) => side(each, 'theirs') },
        { name: 'mine', head: say('web.diff.mine'), cell: (each) => side(each, 'mine') },
      ]}
    />
  )
}
