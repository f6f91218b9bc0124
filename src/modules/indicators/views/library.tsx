import type { View } from '#kernel/view.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { Button } from '#web/parts/button.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { Badge } from '#web/parts/status.tsx'
import { type Column, DataTable } from '#web/parts/table.tsx'

export type LibraryData = {
  readonly edition: string
  readonly title: string
  readonly note: string
  readonly source: string
  readonly themes: ReadonlyArray<{
    readonly no: string
    readonly title: string
    readonly items: ReadonlyArray<{
      readonly no: string
      readonly title: string
      readonly core: boolean
      readonly unit: string
      readonly direction: string
      readonly confidence: string
      readonly divided: string | null
      readonly used: ReadonlyArray<{ readonly code: string }>
    }>
  }>
}

export type LibraryPageData = LibraryData & {
  readonly mayCreate: boolean
  readonly organisations: ReadonlyArray<{ readonly value: string; readonly label: string }>
  readonly organisation: string
}

type Item = LibraryData['themes'][number]['items'][number]

/** The library by theme; "use this" creates a draft that the city then adapts. */
export function libraryView(data: LibraryPageData, { say, csrf }: View) {
  const columns: Column<Item>[] = [
    {
      name: 'name',
      head: say('indicators.indicator'),
      names: true,
      width: 'wide',
      cell: (item) => (
        <>
          <bdi>{item.no}</bdi> {item.title}
          {item.divided && <div class="cw-soft cw-small">{item.divided}</div>}
        </>
      ),
    },
    {
      name: 'core',
      head: say('indicators.library.part'),
      cell: (item) => (
        <Badge tone={item.core ? 'accent' : 'quiet'}>
          {say(item.core ? 'indicators.library.core' : 'indicators.library.supporting')}
        </Badge>
      ),
    },
    { name: 'unit', head: say('indicators.indicator.field.unitLabel'), cell: (item) => item.unit },
    { name: 'direction', head: say('indicators.library.direction'), cell: (item) => item.direction },
    { name: 'confidence', head: say('indicators.library.confidence'), cell: (item) => item.confidence },
    {
      name: 'use',
      head: say('indicators.library.use-head'),
      cell: (item) => (
        <div class="cw-cluster">
          {item.used.map(({ code }) => (
            <a key={code} href={`/indicators/indicators/${code}`}>
              {say('indicators.library.used', { code })}
            </a>
          ))}
          {data.mayCreate && (
            <Button variant="secondary" name="number" value={item.no}>
              {say('indicators.library.use')}
              <span class="cw-unseen"> {item.title}</span>
            </Button>
          )}
        </div>
      ),
    },
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
