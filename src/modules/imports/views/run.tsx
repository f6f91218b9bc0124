import type { View } from '#kernel/view.ts'
import { FlagControl } from '#web/controls/choice.tsx'
import { Form } from '#web/controls/form.tsx'
import { Button, LinkButton } from '#web/parts/button.tsx'
import { DescriptionList, Disclosure } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { ProgressBar } from '#web/parts/progress.tsx'
import { type ContentPreviewData, ContentPreviewPart } from './content.tsx'
import { type PreviewData, PreviewPart, Problems, type ProblemView } from './preview.tsx'
import { UndoPart } from './undo.tsx'

export type RunData = {
  readonly id: string
  readonly name: string
  readonly state: 'draft' | 'waiting' | 'running' | 'done' | 'refused' | 'cancelled' | 'failed'
  readonly dryRun: boolean
  readonly allOrNothing: boolean
  readonly phase: string | null
  readonly done: number
  readonly total: number
  readonly profile: { readonly name: string; readonly version: number } | null
  /** Name of the format, for a self-describing file. */
  readonly format: string | null
  readonly content: ContentPreviewData | null
  /** Does the file still exist, so that it can be imported (again)? */
  readonly uploaded: boolean
  readonly preview: PreviewData | null
  readonly report: {
    readonly created: number
    readonly changed: number
    readonly unchanged: number
    readonly rejected: number
    readonly rows: { readonly read: number; readonly left: number; readonly taken: number }
    readonly kinds: Readonly<
      Record<string, { readonly created: number; readonly changed: number; readonly unchanged: number }>
    >
    readonly problems: ReadonlyArray<ProblemView & { readonly severity: string }>
    readonly notes: ReadonlyArray<{ readonly code: string; readonly message: string }>
    readonly refused: string | null
    readonly dryRun: boolean
  } | null
  readonly changeSet: string | null
  /** Where to look at what was written. */
  readonly lists: ReadonlyArray<{ readonly href: string; readonly label: string }>
  readonly endedAt: string | null
  readonly undo: {
    readonly at: string
    readonly undone: number
    readonly kept: ReadonlyArray<{ readonly code: string; readonly field: string; readonly at: string | null }>
  } | null
  readonly edited: ReadonlyArray<{ readonly code: string; readonly title: Record<string, string>; readonly at: string }>
}

/** An import's status: before it a preview, during it the progress, after it the result. */
export function runView(data: RunData, view: View) {
  const { say } = view
  const waits = data.state === 'waiting' || data.state === 'running'
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead
        over={say(`imports.over.${waits ? 'running' : data.report ? 'report' : 'preview'}`)}
        title={data.name}
        lead={
          data.format
            ? say('imports.as-format', { format: data.format })
            : data.profile
              ? say('imports.with-profile', data.profile)
              : undefined
        }
        actions={
          !data.format && (data.uploaded || data.profile) ? <ProfileActions data={data} view={view} /> : undefined
        }
      />
      {waits && <Running data={data} view={view} />}
      {!waits && (data.state === 'failed' || data.state === 'cancelled') && (
        <Notice tone={data.state === 'failed' ? 'problem' : 'info'} title={say(`imports.state.${data.state}`)}>
          <p>{say(`imports.ended.${data.state}`)}</p>
        </Notice>
      )}
      {data.changeSet && data.undo && <UndoPart data={data} view={view} />}
      {data.report && <ReportPart report={data.report} data={data} view={view} />}
      {data.preview && <PreviewPart preview={data.preview} view={view} />}
      {data.content && <ContentPreviewPart preview={data.content} view={view} />}
      {!waits && data.uploaded && (data.profile || data.format) && !data.content?.stopped && (
        <StartPart data={data} view={view} />
      )}
      {data.changeSet && !data.undo && <UndoPart data={data} view={view} />}
    </div>
  )
}

type Part = { data: RunData; view: View }

function ProfileActions({ data, view: { say, csrf } }: Part) {
  return (
    <>
      {data.uploaded && (
        <LinkButton href={`/import/${data.id}/columns`} variant="secondary">
          {say('imports.change-mapping')}
        </LinkButton>
      )}
      {data.profile && (
        <>
          <LinkButton href={`/import/${data.id}/profile`} variant="tertiary" icon="download" download>
            {say('imports.profile-download')}
          </LinkButton>
          <form method="post" action={`/import/${data.id}`}>
            <input type="hidden" name="csrf" value={csrf} />
            <Button variant="tertiary" name="act" value="save">
              {say('imports.profile-save')}
            </Button>
          </form>
        </>
      )}
    </>
  )
}

function Running({ data, view: { say, csrf } }: Part) {
  const known = data.total > 0
  return (
    <Section id="progress" title={say(`imports.phase.${data.phase ?? 'waiting'}`)}>
      <ProgressBar
        id="import-progress"
        label={say('imports.progress')}
        done={data.done}
        of={known ? data.total : undefined}
        text={
          known ? say('imports.percent', { percent: Math.min(100, Math.floor((100 * data.done) / data.total)) }) : ''
        }
      />
      <p class="cw-soft">{say('imports.leave')}</p>
      <form method="post" action={`/import/${data.id}`}>
        <input type="hidden" name="csrf" value={csrf} />
        <Button variant="secondary" name="act" value="cancel">
          {say('imports.cancel')}
        </Button>
      </form>
    </Section>
  )
}

function StartPart({ data, view: { say, csrf } }: Part) {
  return (
    <Section id="start" title={say('imports.start')}>
      <Form
        action={`/import/${data.id}`}
        csrf={csrf}
        hidden={{ act: 'import' }}
        submit={say('imports.start-now')}
        note={say('imports.start-note')}
      >
        <FlagControl
          id="field-allOrNothing"
          name="allOrNothing"
          label={say('imports.all-or-nothing')}
          hint={say('imports.all-or-nothing-hint')}
          value={data.allOrNothing}
        />
      </Form>
      <form method="post" action={`/import/${data.id}`}>
        <input type="hidden" name="csrf" value={csrf} />
        <Button variant="secondary" name="act" value="check">
          {say('imports.check-all')}
        </Button>
      </form>
    </Section>
  )
}

function ReportPart({ report, data, view }: Part & { report: NonNullable<RunData['report']> }) {
  const { say } = view
  const nothing = report.rejected > 0 && report.rows.taken === 0 ? 'none-taken' : 'nothing'
  const how = report.refused ?? (report.dryRun ? 'checked' : report.created + report.changed > 0 ? 'done' : nothing)
  const reported = report.problems.filter((each) => each.severity !== 'warn')
  const warned = report.problems.filter((each) => each.severity === 'warn')
  return (
    <>
      <Notice
        tone={data.undo ? 'info' : report.refused ? 'problem' : report.rejected > 0 ? 'warning' : 'done'}
        title={say(`imports.outcome.${how}`)}
        announced
        actions={
          data.lists.length > 0 && !data.undo
            ? data.lists.map(({ href, label }, index) => (
                <LinkButton key={href} href={href} {...(index === 0 ? {} : { variant: 'secondary' })}>
                  {say('imports.to-list', { what: label })}
                </LinkButton>
              ))
            : undefined
        }
      >
        <p>
          {say('imports.counts-all', {
            created: report.created,
            changed: report.changed,
            unchanged: report.unchanged,
            rejected: report.rejected,
          })}
        </p>
      </Notice>
      <Section id="figures" title={say('imports.figures')}>
        <DescriptionList
          pairs={[
            { term: say('imports.rows-read'), value: report.rows.read },
            { term: say('imports.rows-taken'), value: report.rows.taken },
            { term: say('imports.rows-rejected'), value: report.rejected },
            ...Object.entries(report.kinds).map(([kind, counts]) => ({
              term: say(`${kind}.plural`),
              value: say('imports.kind-counts', counts),
            })),
            ...(data.endedAt ? [{ term: say('imports.ended-at'), value: data.endedAt }] : []),
          ]}
        />
      </Section>
      {report.notes.length > 0 && (
        <Section id="notes" title={say('imports.notes')}>
          <ul class="cw-prose">
            {report.notes.map((note) => (
              <li key={note.message}>{note.message}</li>
            ))}
          </ul>
        </Section>
      )}
      <Problems problems={reported} say={say} />
      {warned.length > 0 && (
        <Disclosure summary={say('imports.warnings', { count: warned.length })}>
          <ul>
            {warned.map((each) => (
              <li key={`${each.row} ${each.column} ${each.message}`}>{each.message}</li>
            ))}
          </ul>
        </Disclosure>
      )}
    </>
  )
}
