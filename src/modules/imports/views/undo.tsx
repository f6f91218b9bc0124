import type { View } from '#kernel/view.ts'
import { Button } from '#web/parts/button.tsx'
import { Disclosure } from '#web/parts/card.tsx'
import { Section } from '#web/parts/head.tsx'

type Taken = {
  readonly id: string
  readonly changeSet: string | null
  readonly undo: {
    readonly at: string
    readonly undone: number
    readonly kept: ReadonlyArray<{ readonly code: string; readonly field: string; readonly at: string | null }>
  } | null
  readonly edited: ReadonlyArray<{ readonly code: string; readonly title: Record<string, string>; readonly at: string }>
}
type Part = { data: Taken; view: View }

/** Undoing an import: what would stay, or did stay, because it was edited since. */
export function UndoPart({ data, view: { say, text, csrf } }: Part) {
  if (data.undo)
    return (
      <Section id="undone" title={say('imports.undone', { at: data.undo.at })}>
        <p>{say('imports.undone-count', { count: data.undo.undone })}</p>
        {data.undo.kept.length > 0 && (
          <>
            <p>{say('imports.kept', { count: data.undo.kept.length })}</p>
            <ul>
              {data.undo.kept.map((each) => (
                <li key={`${each.code} ${each.field}`}>
                  <bdi>{each.code}</bdi> {each.field} {each.at}
                </li>
              ))}
            </ul>
          </>
        )}
      </Section>
    )
  return (
    <Section id="undo" title={say('imports.undo')} lead={say('imports.undo-lead')}>
      {data.edited.length > 0 && (
        <Disclosure summary={say('imports.edited', { count: data.edited.length })} open={data.edited.length <= 10}>
          <ul>
            {data.edited.map((each) => {
              const title = text(each.title)
              return (
                <li key={each.code}>
                  <bdi>{each.code}</bdi> <span lang={title.lang}>{title.text}</span> · {each.at}
                </li>
              )
            })}
          </ul>
        </Disclosure>
      )}
      <div class="cw-cluster">
        <form method="post" action={`/import/${data.id}`}>
          <input type="hidden" name="csrf" value={csrf} />
          <Button variant="secondary" grave name="act" value="undo">
            {say('imports.undo-now')}
          </Button>
        </form>
        <a class="ds-link" href={`/history/${data.changeSet}`}>
          {say('imports.history')}
        </a>
      </div>
    </Section>
  )
}
