import type { View } from '#kernel/view.ts'
import type { Localized } from '#kernel/words.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { Form, FormGroup } from '#web/controls/form.tsx'
import { WholeControl } from '#web/controls/number.tsx'
import { type RecordOption, ReferenceControl } from '#web/controls/reference.tsx'
import { LocalizedControl } from '#web/controls/text.tsx'
import { byLanguage, fieldsOf, listed, writingLanguages } from '#web/form-fields.ts'
import { Button } from '#web/parts/button.tsx'
import { EmptyState } from '#web/parts/card.tsx'
import { Tick } from '#web/parts/choose.tsx'
import { PageHead } from '#web/parts/head.tsx'
import { type NamedLink, type Text, Words } from '#web/parts/name.tsx'
import { JustDone } from '#web/parts/post.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type GroupData = {
  readonly plan: (Text & { readonly code: string }) | null
  readonly objectives: ReadonlyArray<
    NamedLink & {
      readonly id: string
      readonly code: string
      readonly level: string
      readonly organisation: string
      readonly below: number
    }
  >
  readonly moreThanListed: boolean
  readonly outcomes: readonly RecordOption[]
  readonly bodies: readonly RecordOption[]
  readonly sentences: readonly RecordOption[]
  readonly given: {
    readonly outcome: string
    readonly title: Localized
    readonly organisation: string
    readonly sentence: string
    readonly rule: string
    readonly ruleCount: string
    readonly objectives: readonly string[]
  }
  readonly mistakes: Readonly<Record<string, string>>
  readonly preview: boolean
  readonly done: { readonly changeSet: string; readonly count: number } | null
}

/** Objectives that serve no outcome: write an outcome, tick what serves it, check, save. */
export function groupView(data: GroupData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead
        title={say('strategy.group.title')}
        lead={say('strategy.group.lead')}
        over={data.plan ? <Words text={data.plan} /> : undefined}
      />
      {data.done && (
        <JustDone
          action="/strategy/group"
          csrf={view.csrf}
          hidden={data.plan ? { plan: data.plan.code } : {}}
          sentence={say('strategy.group.just', { count: data.done.count })}
          changeSet={data.done.changeSet}
          undo={say('strategy.form.undo')}
        />
      )}
      {data.objectives.length === 0 ? (
        <EmptyState title={say('strategy.group.none')} icon="check-circle">
          <p>{say('strategy.group.none.text')}</p>
        </EmptyState>
      ) : data.preview ? (
        <Preview data={data} view={view} />
      ) : (
        <Choosing data={data} view={view} />
      )}
    </>
  )
}

function Choosing({ data, view }: { data: GroupData; view: View }) {
  const { say } = view
  const { given, mistakes } = data
  const { organisation, outcome, rule, ruleCount, sentence } = given
  const field = fieldsOf({ organisation, outcome, rule, ruleCount, sentence }, mistakes)
  const ticked = new Set(given.objectives)
  return (
    <Form
      action="/strategy/group"
      csrf={view.csrf}
      hidden={{ act: 'preview', ...(data.plan ? { plan: data.plan.code } : {}) }}
      mistakes={listed(mistakes)}
      submit={say('strategy.group.preview')}
      note={say('strategy.group.preview.note')}
    >
      <FormGroup title={say('strategy.group.outcome')} lead={say('strategy.group.outcome.lead')}>
        <LocalizedControl
          id="field-title"
          name="title"
          label={say('strategy.group.outcome.title')}
          hint={say('strategy.group.outcome.title.hint')}
          required={data.outcomes.length === 0}
          languages={writingLanguages(view)}
          value={given.title}
          problem={byLanguage(mistakes, 'title')}
          max={200}
        />
        {data.sentences.length > 0 && (
          <ReferenceControl {...field('sentence', say('strategy.group.sentence'))} options={data.sentences} />
        )}
        <ReferenceControl {...field('organisation', say('strategy.group.organisation'))} options={data.bodies} />
        <SelectControl
          {...field('rule', say('strategy.outcome.field.rule'))}
          hint={say('strategy.group.rule.hint')}
          options={['all', 'some'].map((rule) => ({ value: rule, label: say(`strategy.outcome.choice.rule.${rule}`) }))}
        />
        <WholeControl {...field('ruleCount', say('strategy.outcome.field.ruleCount'))} />
        {data.outcomes.length > 0 && (
          <SelectControl
            {...field('outcome', say('strategy.group.existing'))}
            hint={say('strategy.group.existing.hint')}
            options={data.outcomes.map(({ id, ...option }) => ({ value: id, ...option }))}
            emptyLabel={say('strategy.group.existing.none')}
          />
        )}
      </FormGroup>
      <div id="field-objectives" tabIndex={-1}>
        <DataTable
          id="objectives"
          caption={say('strategy.group.objectives', { count: data.objectives.length })}
          rows={data.objectives}
          columns={[
            {
              name: 'title',
              head: say('strategy.objective'),
              names: true,
              cell: (row) => (
                <Tick
                  id={`objective-${row.id}`}
                  name="objectives"
                  value={row.id}
                  checked={ticked.has(row.id)}
                  label={row}
                />
              ),
            },
            { name: 'level', head: say('strategy.objective.field.level'), cell: (row) => row.level },
            {
              name: 'organisation',
              head: say('strategy.group.organisation.short'),
              cell: (row) => row.organisation || '–',
            },
            { name: 'below', head: say('strategy.group.below'), numeric: true, cell: (row) => row.below },
          ]}
        />
        {data.moreThanListed && <p class="cw-soft">{say('strategy.group.more')}</p>}
      </div>
    </Form>
  )
}

function Preview({ data, view }: { data: GroupData; view: View }) {
  const { say } = view
  const { given } = data
  const chosen = data.objectives.filter((row) => given.objectives.includes(row.id))
  const existing = data.outcomes.find((each) => each.id === given.outcome)
  const sentence = data.sentences.find((each) => each.id === given.sentence)
  const body = data.bodies.find((each) => each.id === given.organisation)
  const hidden: Record<string, string> = {
    ...(data.plan ? { plan: data.plan.code } : {}),
    ...Object.fromEntries(Object.entries(given.title).map(([tag, text]) => [`title.${tag}`, text])),
    outcome: given.outcome,
    organisation: given.organisation,
    sentence: given.sentence,
    rule: given.rule,
    ruleCount: given.ruleCount,
  }
  return (
    <Form
      action="/strategy/group"
      csrf={view.csrf}
      hidden={hidden}
      submit={say('strategy.group.save', { count: chosen.length })}
      note={say('strategy.group.save.note')}
      further={
        <Button variant="secondary" name="act" value="edit">
          {say('strategy.group.again')}
        </Button>
      }
    >
      <input type="hidden" name="act" value="save" />
      {given.objectives.map((id) => (
        <input key={id} type="hidden" name="objectives" value={id} />
      ))}
      <h2>{existing ? say('strategy.group.preview.existing') : say('strategy.group.preview.new')}</h2>
      {existing ? (
        <p class="cw-lead" lang={existing.lang}>
          {existing.label}
        </p>
      ) : (
        <>
          {view.languages
            .filter((tag) => given.title[tag])
            .map((tag) => (
              <p key={tag} class="cw-lead" lang={tag}>
                {given.title[tag]}
              </p>
            ))}
          <ul>
            {sentence && <li>{say('strategy.group.preview.sentence', { sentence: sentence.label })}</li>}
            <li>
              {body ? say('strategy.group.preview.body', { body: body.label }) : say('strategy.group.preview.no-body')}
            </li>
            <li>
              {say(`strategy.rule.${given.rule || 'none'}`, {
                needed: Number(given.ruleCount) || 0,
                all: 0,
                headline: '',
              })}
            </li>
          </ul>
        </>
      )}
      <h2>{say('strategy.group.preview.objectives', { count: given.objectives.length })}</h2>
      <ul>
        {chosen.map((row) => (
          <li key={row.id} lang={row.lang}>
            {row.text}
          </li>
        ))}
      </ul>
    </Form>
  )
}
