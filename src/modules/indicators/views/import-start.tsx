import type { View } from '#kernel/view.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { Form } from '#web/controls/form.tsx'
import { FileControl } from '#web/controls/number.tsx'
import { Disclosure } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type StartData = {
  readonly profiles: ReadonlyArray<{ readonly id: string; readonly name: string; readonly version: number }>
  readonly runs: ReadonlyArray<{
    readonly id: string
    readonly name: string
    readonly state: string
    readonly at: string
    readonly counts?: { readonly created: number; readonly changed: number; readonly rejected: number }
  }>
  readonly mistakes: ReadonlyArray<{ readonly field: string; readonly text: string }>
}

/** Upload a file; below, what was brought in lately. */
export function startView({ profiles, runs, mistakes }: StartData, { say, csrf }: View) {
  const problemOf = (field: string) => mistakes.find((each) => each.field === field)?.text
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead
        title={say('indicators.import.title')}
        lead={say('indicators.import.lead')}
        actions={
          <a class="ds-button" data-variant="secondary" href="/import/template">
            {say('indicators.import.template-link')}
          </a>
        }
      />
      <Form
        action="/import"
        csrf={csrf}
        mistakes={mistakes}
        submit={say('indicators.import.upload')}
        note={say('indicators.import.retention')}
        upload
      >
        <FileControl
          id="field-file"
          name="file"
          label={say('indicators.import.file')}
          hint={say('indicators.import.file-hint')}
          accept=".xlsx,.xlsm,.csv,.tsv,.txt,.json,.jsonld,.xml,text/csv,text/tab-separated-values,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          problem={problemOf('field-file')}
          required
        />
        {profiles.length > 0 && (
          <SelectControl
            id="field-profile"
            name="profile"
            label={say('indicators.import.profile')}
            hint={say('indicators.import.profile-hint')}
            emptyLabel={say('indicators.import.profile-none')}
            options={profiles.map(({ id, name, version }) => ({
              value: id,
              label: say('indicators.import.profile-name', { name, version }),
            }))}
          />
        )}
        <Disclosure summary={say('indicators.import.profile-own')} open={problemOf('field-profileFile') !== undefined}>
          <FileControl
            id="field-profileFile"
            name="profileFile"
            label={say('indicators.import.profile-file')}
            hint={say('indicators.import.profile-file-hint')}
            accept=".json,application/json"
            problem={problemOf('field-profileFile')}
          />
        </Disclosure>
      </Form>
      <Section id="runs" title={say('indicators.import.runs')}>
        <DataTable
          id="import-runs"
          caption={say('indicators.import.runs')}
          captionUnseen
          rows={runs}
          empty={<p class="cw-soft">{say('indicators.import.no-runs')}</p>}
          columns={[
            {
              name: 'name',
              head: say('indicators.import.file'),
              names: true,
              cell: (run) => <a href={`/import/${run.id}`}>{run.name}</a>,
            },
            { name: 'at', head: say('indicators.import.at'), cell: (run) => run.at, width: 'short' },
            {
              name: 'state',
              head: say('indicators.import.state'),
              cell: (run) => say(`indicators.import.state.${run.state}`),
            },
            {
              name: 'counts',
              head: say('indicators.import.result'),
              cell: (run) => (run.counts ? say('indicators.import.counts', run.counts) : '—'),
            },
          ]}
        />
      </Section>
    </div>
  )
}
