import type { View } from '#kernel/view.ts'
import { LinkButton } from '#web/parts/button.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type TemplateData = {
  readonly tables: ReadonlyArray<{
    readonly name: 'plan' | 'series'
    readonly about: string
    readonly columns: ReadonlyArray<{ readonly name: string; readonly meaning: string; readonly example: string }>
  }>
}

/** Two tables that anybody with a spreadsheet can fill, and what each column means. */
export function templateView({ tables }: TemplateData, { say }: View) {
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead
        title={say('indicators.import.template-title')}
        lead={say('indicators.import.template-lead')}
        actions={<LinkButton href="/import">{say('indicators.import.title')}</LinkButton>}
      />
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
