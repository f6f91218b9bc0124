import type { View } from '#kernel/view.ts'
import { FlagControl } from '#web/controls/choice.tsx'
import { Form } from '#web/controls/form.tsx'
import { ReferenceControl } from '#web/controls/reference.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { fieldsOf, listed } from '#web/form-fields.ts'
import { Button } from '#web/parts/button.tsx'
import { EmptyState } from '#web/parts/card.tsx'
import { Tick } from '#web/parts/choose.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, nameColumn, type Text, Words } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { JustDone } from '#web/parts/post.tsx'
import { Badge } from '#web/parts/status.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type AssignGroup = {
  readonly title: Text
  readonly missing: 'organisation' | 'owner'
  readonly asked: { readonly kind: string; readonly organisation: string; readonly owner: string }
  readonly count: number
  /** Every record of the group; `rows` are the first of them, each with a tick box. */
  readonly all: ReadonlyArray<{ readonly id: string; readonly kind: string }>
  readonly rows: ReadonlyArray<NamedLink & { readonly id: string; readonly code: string }>
}

export type AssignData = {
  readonly gaps: ReadonlyArray<{
    readonly kind: string
    readonly organisation: Text | null
    readonly missing: 'organisation' | 'owner'
    readonly count: number
    readonly href: string
  }>
  readonly group: AssignGroup | null
  readonly posts: ReadonlyArray<{ readonly id: string; readonly label: string; readonly vacant: boolean }>
  readonly bodies: ReadonlyArray<{ readonly id: string; readonly label: string }>
  readonly given: {
    readonly organisation: string
    readonly owner: string
    readonly why: string
    readonly records: readonly string[]
    readonly whole: boolean
  }
  readonly mistakes: Readonly<Record<string, string>>
  readonly preview: { readonly count: number; readonly what: string } | null
  readonly done: { readonly changeSet: string; readonly count: number } | null
}

/** Records without organisation or post: choose a group, say who takes it, check, assign. */
export function assignView(data: AssignData, view: View) {
  const { say } = view
  const { group, done } = data
  return (
    <>
      <PageHead title={say('directory.assign.title')} lead={say('directory.assign.lead')} />
      {done && (
        <JustDone
          action="/directory/assign"
          csrf={view.csrf}
          sentence={say('directory.assign.just', { count: done.count })}
          changeSet={done.changeSet}
          undo={say('directory.assign.undo')}
        />
      )}
      {group &&
        (data.preview ? (
          <Preview data={data} group={group} view={view} />
        ) : (
          <Group data={data} group={group} view={view} />
        ))}
      {data.gaps.length === 0 && !group ? (
        <EmptyState title={say('directory.assign.done')} icon="check-circle">
          <p>{say('directory.assign.done.more')}</p>
        </EmptyState>
      ) : (
        !data.preview && <Gaps data={data} view={view} />
      )}
    </>
  )
}

function Gaps({ data, view }: { data: AssignData; view: View }) {
  const { say } = view
  if (data.gaps.length === 0) return null
  return (
    <Section id="groups" title={say('directory.assign.groups')}>
      <DataTable
        id="gaps"
        caption={say('directory.assign.groups.caption')}
        captionUnseen
        rows={data.gaps}
        columns={[
          {
            name: 'organisation',
            head: say('directory.assign.groups.organisation'),
            names: true,
            cell: (gap) => <Words text={gap.organisation} none={say('directory.assign.no-organisation')} />,
          },
          { name: 'kind', head: say('directory.assign.groups.kind'), cell: (gap) => gap.kind },
          {
            name: 'missing',
            head: say('directory.assign.groups.missing'),
            cell: (gap) => <Badge tone="open">{say(`directory.assign.missing.${gap.missing}`)}</Badge>,
          },
          { name: 'count', head: say('directory.assign.groups.count'), numeric: true, cell: (gap) => gap.count },
          {
            name: 'choose',
            head: say('directory.navigation.assign'),
            cell: (gap) => <a href={gap.href}>{say('directory.assign.choose', { count: gap.count })}</a>,
          },
        ]}
      />
    </Section>
  )
}

const hiddenOf = (group: AssignGroup): Record<string, string> => ({
  kind: group.asked.kind,
  of: group.asked.organisation,
  from: group.asked.owner,
})

function Group({ data, group, view }: { data: AssignData; group: AssignGroup; view: View }) {
  const { say } = view
  const { given, mistakes } = data
  const { organisation, owner, why } = given
  const field = fieldsOf({ organisation, owner, why }, mistakes)
  const ticked = new Set(given.records)
  return (
    <Section id="group" title={group.title.text} lead={say('directory.assign.group.lead')}>
      <Form
        action="/directory/assign"
        csrf={view.csrf}
        hidden={{ ...hiddenOf(group), act: 'preview' }}
        mistakes={listed(mistakes)}
        submit={say('directory.assign.preview')}
        cancel={{ href: '/directory/assign' }}
      >
        {group.missing === 'organisation' && (
          <ReferenceControl
            {...field('organisation', say('directory.assign.organisation'))}
            hint={say('directory.assign.organisation.hint')}
            options={data.bodies}
          />
        )}
        <ReferenceControl
          {...field('owner', say('directory.assign.owner'))}
          hint={say('directory.assign.owner.hint')}
          options={data.posts}
        />
        <TextControl {...field('why', say('directory.assign.why'))} hint={say('directory.assign.why.hint')} />
        <fieldset class="ds-fieldset cw-field" id="field-records" tabIndex={-1}>
          <legend class="ds-label">{say('directory.assign.records')}</legend>
          {mistakes.records && <p class="ds-validation-message cw-problem">{mistakes.records}</p>}
          <div class="cw-boxes" data-many={group.rows.length > 8 ? '' : undefined}>
            {group.rows.map((row) => (
              <Tick
                key={row.id}
                id={`record-${row.id}`}
                name="records"
                value={row.id}
                checked={ticked.has(row.id)}
                label={row}
              />
            ))}
          </div>
        </fieldset>
        {group.all.length > group.rows.length && (
          <FlagControl
            id="field-whole"
            name="whole"
            label={say('directory.assign.all-of-group', { all: group.all.length })}
            hint={say('directory.assign.records.more', { shown: group.rows.length, all: group.count })}
            value={given.whole}
          />
        )}
      </Form>
    </Section>
  )
}

function Preview({ data, group, view }: { data: AssignData; group: AssignGroup; view: View }) {
  const { say } = view
  const { given, preview } = data
  const vacant = data.posts.find((post) => post.id === given.owner)?.vacant
  const chosen = new Set(given.records)
  return (
    <Section id="preview" title={say('directory.assign.preview.title')}>
      <p class="cw-lead">{say('directory.assign.preview.sentence', { count: preview!.count, what: preview!.what })}</p>
      {vacant && <Notice tone="warning">{say('directory.assign.preview.vacant')}</Notice>}
      <Form
        action="/directory/assign"
        csrf={view.csrf}
        hidden={{
          ...hiddenOf(group),
          organisation: given.organisation,
          owner: given.owner,
          why: given.why,
          whole: String(given.whole),
        }}
        submit={say('directory.assign.submit')}
        further={
          <Button variant="secondary" name="act" value="edit">
            {say('directory.assign.back')}
          </Button>
        }
      >
        <input type="hidden" name="act" value="save" />
        {given.records.map((id) => (
          <input key={id} type="hidden" name="records" value={id} />
        ))}
        <ul>
          {group.rows
            .filter((row) => chosen.has(row.id))
            .map((row) => (
              <li key={row.id} lang={row.lang}>
                {row.text} <bdi class="cw-soft cw-small">{row.code}</bdi>
              </li>
            ))}
        </ul>
      </Form>
    </Section>
  )
}

export type VacantData = {
  readonly posts: ReadonlyArray<
    NamedLink & {
      readonly code: string
      readonly organisation: Text | null
      readonly since: string | null
      readonly owns: number
      readonly assign: string
    }
  >
}

/** Posts that nobody holds, those that own something first. */
export function vacantView({ posts }: VacantData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead title={say('directory.vacant.title')} lead={say('directory.vacant.lead')} />
      <DataTable
        id="vacant"
        caption={say('directory.vacant.caption', { count: posts.length })}
        rows={posts}
        empty={
          <EmptyState title={say('directory.vacant.none')} icon="check-circle">
            <p>{say('directory.vacant.none.text')}</p>
          </EmptyState>
        }
        columns={[
          nameColumn('post', say('directory.post')),
          {
            name: 'organisation',
            head: say('directory.organisation'),
            cell: (post) => <span lang={post.organisation?.lang}>{post.organisation?.text ?? '–'}</span>,
          },
          {
            name: 'since',
            head: say('directory.vacant.since'),
            cell: (post) => post.since ?? say('directory.vacant.never'),
          },
          {
            name: 'owns',
            head: say('directory.panel.posts.owns'),
            cell: (post) =>
              post.owns > 0 ? (
                <a href={post.assign}>{say('directory.panel.owns', { count: post.owns })}</a>
              ) : (
                say('directory.panel.owns', { count: 0 })
              ),
          },
        ]}
      />
    </>
  )
}
