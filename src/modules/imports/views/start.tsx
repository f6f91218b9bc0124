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

/** Upload a file; below, recent imports. */
export function startView({ profiles, runs, mistakes }: StartData, { say, csrf }: View) {
  const problemOf = (field: string) => mistakes.find((each) => each.field === field)?.text
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead
        title={say('imports.title')}
        lead={say('imports.lead')}
        actions={
          <a class="ds-button" data-variant="secondary" href="/import/template">
            {say('imports.template-link')}
          </a>
        }
      />
      <Form
        action="/import"
        csrf={csrf}
        mistakes={mistakes}
        submit={say('imports.upload')}
        note={say('imports.retention')}
        upload
      >
        <FileControl
          id="field-file"
          name="file"
          label={say('imports.file')}
          hint={say('imports.file-hint')}
          accept=".xlsx,.xlsm,.csv,.tsv,.txt,.json,.jsonld,.xml,text/csv,text/tab-separated-values,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          problem={problemOf('field-file')}
          required
        />
        {profiles.length > 0 && (
          <SelectControl
            id="field-profile"
            name="profile"
            label={say('imports.profile')}
            hint={say('imports.profile-hint')}
            emptyLabel={say('imports.profile-none')}
            options={profiles.map(({ id, name, version }) => ({
              value: id,
              label: say('imports.profile-name', { name, version }),
            }))}
          />
        )}
        <Disclosure summary={say('imports.profile-own')} open={problemOf('field-profileFile') !== undefined}>
          <FileControl
            id="field-profileFile"
            name="profileFile"
            label={say('imports.profile-file')}
            hint={say('imports.profile-file-hint')}
            accept=".json,application/json"
            problem={problemOf('field-profileFile')}
          />
        </Disclosure>
      </Form>
      <Section id="runs" title={say('imports.runs')}>
        <DataTable
          id="import-runs"
          caption={say('imports.runs')}
          captionUnseen
          rows={runs}
          empty={<p class="cw-soft">{say('imports.no-runs')}</p>}
          columns={[
            {
              name: 'name',
              head: say('imports.file'),
              names: true,
              cell: (run) => <a href={`/import/${run.id}`}>{run.name}</a>,
            },
            { name: 'at', head: say('imports.at'), cell: (run) => run.at, width: 'short' },
            {
              name: 'state',
              head: say('imports.state'),
              cell: (run) => say(`imports.state.${run.state}`),
            },
            {
              name: 'counts',
              head: say('imports.result'),
              cell: (run) => (run.counts ? say('imports.counts', run.counts) : '—'),
            },
          ]}
        />
      </Section>
    </div>
  )
}
