import type { View } from '#kernel/view.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { Button } from '#web/parts/button.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { Badge } from '#web/parts/status.tsx'
import { type Column, DataTable } from '#web/parts/table.tsx'
import type { LibraryData } from '../pages-library.ts'

type Item = LibraryData['themes'][number]['items'][number]

/** The library by theme; "use this" creates a draft that the city then adapts. */
export function libraryView(data: LibraryData, { say, csrf }: View) {
  const column = (name: string, head: string, cell: Column<Item>['cell']): Column<Item> => ({ name, head, cell })
  const columns = [
    {
      ...column('name', say('indicators.indicator'), ({ no, title, divided }) => (
        <>
          <bdi>{no}</bdi> {title}
          {divided && <div class="cw-soft cw-small">{divided}</div>}
        </>
      )),
      names: true,
      width: 'wide' as const,
    },
    column('core', say('indicators.library.part'), ({ core }) => (
      <Badge tone={core ? 'accent' : 'quiet'}>{say(`indicators.library.${core ? 'core' : 'supporting'}`)}</Badge>
    )),
    column('unit', say('indicators.indicator.field.unitLabel'), ({ unit }) => unit),
    column('direction', say('indicators.library.direction'), ({ direction }) => direction),
    column('confidence', say('indicators.library.confidence'), ({ confidence }) => confidence),
    column('use', say('indicators.library.use-head'), ({ no, title, used }) => (
      <div class="cw-cluster">
        {used.map(({ code }) => (
          <a key={code} href={`/indicators/indicators/${code}`}>
            {say('indicators.library.used', { code })}
          </a>
        ))}
        {data.mayCreate && (
          <Button variant="secondary" name="number" value={no}>
            {say('indicators.library.use')}
            <span class="cw-unseen"> {title}</span>
          </Button>
        )}
      </div>
    )),
  ]
  const themes = data.themes.map((theme) => (
    <Section key={theme.no} id={`theme-${theme.no}`} title={`${theme.no} ${theme.title}`}>
      <DataTable
        id={`theme-table-${theme.no}`}
        caption={theme.title}
        captionUnseen
        columns={columns}
        rows={theme.items}
      />
    </Section>
  ))
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead over={data.edition} title={data.title} lead={say('indicators.library.lead')} />
      <Notice title={say('indicators.library.own-words')}>
        <p>{data.note}</p>
        <p>{say('indicators.library.source', { source: data.source })}</p>
      </Notice>
      <nav aria-label={say('indicators.library.themes')}>
        <ul class="cw-cluster">
          {data.themes.map((theme) => (
            <li key={theme.no}>
              <a href={`#theme-${theme.no}`}>{theme.title}</a>
            </li>
          ))}
        </ul>
      </nav>
      {data.mayCreate ? (
        <form method="post" action="/indicators/library" class="cw-stack" data-gap="loose">
          <input type="hidden" name="csrf" value={csrf} />
          <SelectControl
            id="field-organisation"
            name="organisation"
            label={say('indicators.library.organisation')}
            hint={say('indicators.library.organisation-hint')}
            options={data.organisations}
            value={data.organisation}
          />
          {themes}
        </form>
      ) : (
        themes
      )}
    </div>
  )
}
