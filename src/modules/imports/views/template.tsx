import type { View } from '#kernel/view.ts'
import { LinkButton } from '#web/parts/button.tsx'
import { Disclosure } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type TemplateData = {
  /** Whether to link to the import: for those who may, and for those who have yet to sign in. */
  readonly mayBring: boolean
  /** Sheets of the workbook, with the columns they have. */
  readonly sheets: ReadonlyArray<{
    readonly key: string
    readonly name: string
    readonly about: string
    readonly columns: ReadonlyArray<{ readonly name: string; readonly note: string }>
  }>
  readonly tables: ReadonlyArray<{
    readonly name: string
    readonly title: string
    readonly about: string
    readonly columns: ReadonlyArray<{ readonly name: string; readonly meaning: string; readonly example: string }>
  }>
}

/** A workbook and two tables that anybody with a spreadsheet can fill in, and what each column means. */
export function templateView({ tables, sheets, mayBring }: TemplateData, { say, language }: View) {
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead
        title={say('imports.template-title')}
        lead={say('imports.template-lead')}
        actions={mayBring && <LinkButton href="/import">{say('imports.title')}</LinkButton>}
      />
      <Section
        id="template-workbook"
        title={say('imports.template.workbook')}
        lead={say('imports.template.workbook-lead', {
          sheets: new Intl.ListFormat(language, { type: 'conjunction' }).format(sheets.map(({ name }) => name)),
        })}
        beside={
          <LinkButton href="/import/template/workbook.xlsx" variant="secondary" icon="download" download>
            {say('imports.template-download-workbook')}
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
                  head: say('imports.column'),
                  names: true,
                  cell: (column) => <bdi>{column.name}</bdi>,
                },
                {
                  name: 'meaning',
                  head: say('imports.meaning'),
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
          title={table.title}
          lead={table.about}
          beside={
            <LinkButton href={`/import/template/${table.name}.csv`} variant="secondary" icon="download" download>
              {say('imports.template-download')}
            </LinkButton>
          }
        >
          <DataTable
            id={`columns-${table.name}`}
            caption={table.title}
            captionUnseen
            rows={table.columns}
            columns={[
              {
                name: 'name',
                head: say('imports.column'),
                names: true,
                cell: (column) => <code>{column.name}</code>,
              },
              {
                name: 'meaning',
                head: say('imports.meaning'),
                cell: (column) => column.meaning,
                width: 'wide',
              },
              {
                name: 'example',
                head: say('imports.example'),
                cell: (column) => <bdi>{column.example || '—'}</bdi>,
              },
            ]}
          />
        </Section>
      ))}
    </div>
  )
}
