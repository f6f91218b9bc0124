import type { View } from '#kernel/view.ts'
import { LinkButton } from '#web/parts/button.tsx'
import { Disclosure } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type TemplateData = {
  /** Is there a way on to the import: for those who may, and for those who have yet to sign in. */
  readonly mayBring: boolean
  /** Sheets of the workbook, with the columns they have. */
  readonly sheets: ReadonlyArray<{
    readonly key: string
    readonly name: string
    readonly about: string
    readonly columns: ReadonlyArray<{ readonly name: string; readonly note: string }>
  }>
  readonly tables: ReadonlyArray<{
    readonly name: 'plan' | 'series'
    readonly about: string
    readonly columns: ReadonlyArray<{ readonly name: string; readonly meaning: string; readonly example: string }>
  }>
}

/** A workbook and two tables that anybody with a spreadsheet can fill, and what each column means. */
export function templateView({ tables, sheets, mayBring }: TemplateData, { say }: View) {
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead
        title={say('indicators.import.template-title')}
        lead={say('indicators.import.template-lead')}
        actions={mayBring && <LinkButton href="/import">{say('indicators.import.title')}</LinkButton>}
      />
      <Section
        id="template-workbook"
        title={say('indicators.import.template.workbook')}
        lead={say('indicators.import.template.workbook-lead')}
        beside={
          <LinkButton href="/import/template/workbook.xlsx" variant="secondary" icon="download" download>
            {say('indicators.import.template-download-workbook')}
          </LinkButton>
        }
      >
        {sheets.map((sheet) => (
          <Disclosure key={sheet.key} summary={sheet.name}>
            <p>{sheet.about}</p>
            <DataTable
              id={`columns-${sheet.key}`}
              caption={sheet.name}
              captionUnseen
              rows={sheet.columns}
              columns={[
                {
                  name: 'name',
                  head: say('indicators.import.column'),
                  names: true,
                  cell: (column) => <bdi>{column.name}</bdi>,
                },
                {
                  name: 'meaning',
                  head: say('indicators.import.meaning'),
                  cell: (column) => column.note,
                  width: 'wide',
                },
              ]}
            />
          </Disclosure>
        ))}
      </Section>
      {tables.map((table) => (
        <Section
          key={table.name}
          id={`template-${table.name}`}
          title={say(`indicators.import.template.${table.name}`)}
          lead={table.about}
          beside={
            <LinkButton href={`/import/template/${table.name}.csv`} variant="secondary" icon="download" download>
              {say('indicators.import.template-download')}
            </LinkButton>
          }
        >
          <DataTable
            id={`columns-${table.name}`}
            caption={say(`indicators.import.template.${table.name}`)}
            captionUnseen
            rows={table.columns}
            columns={[
              {
                name: 'name',
                head: say('indicators.import.column'),
                names: true,
                cell: (column) => <code>{column.name}</code>,
              },
              {
                name: 'meaning',
                head: say('indicators.import.meaning'),
                cell: (column) => column.meaning,
                width: 'wide',
              },
              {
                name: 'example',
                head: say('indicators.import.example'),
                cell: (column) => <bdi>{column.example || '—'}</bdi>,
              },
            ]}
          />
        </Section>
      ))}
    </div>
  )
}
