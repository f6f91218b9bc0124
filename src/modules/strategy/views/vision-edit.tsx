import type { View } from '#kernel/view.ts'
import type { Localized } from '#kernel/words.ts'
import { Form } from '#web/controls/form.tsx'
import { DayControl } from '#web/controls/number.tsx'
import { LocalizedControl, TextControl } from '#web/controls/text.tsx'
import { byLanguage, fieldsOf, listed, writingLanguages } from '#web/form-fields.ts'
import { Button } from '#web/parts/button.tsx'
import { QuietSelect } from '#web/parts/choose.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import type { Text } from '#web/parts/name.tsx'
import { Badge } from '#web/parts/status.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type EditData = {
  readonly base: { readonly label: string; readonly code: string } | null
  readonly label: string
  readonly title: Localized
  readonly adoptedOn: string
  readonly reviewOn: string
  readonly why: string
  readonly text: Readonly<Record<string, string>>
  readonly mistakes: Readonly<Record<string, string>>
  readonly preview: {
    readonly rows: ReadonlyArray<{
      readonly text: Localized
      readonly replaces: string
      readonly change: 'same' | 'changed' | 'new'
    }>
    readonly old: ReadonlyArray<{ readonly id: string; readonly label: string }>
    readonly dropped: ReadonlyArray<Text & { readonly code: string }>
  } | null
}

/** A new version of the vision: first the text, one sentence per line, then what replaces what. */
export function editView(data: EditData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead
        title={say('strategy.vision.new-version')}
        lead={say(data.base ? 'strategy.vision.edit.lead' : 'strategy.vision.edit.lead-first', {
          label: data.base?.label ?? '',
        })}
      />
      {data.preview ? <Preview data={data} preview={data.preview} view={view} /> : <Writing data={data} view={view} />}
    </>
  )
}

function Writing({ data, view }: { data: EditData; view: View }) {
  const { say } = view
  const { mistakes, label, adoptedOn, reviewOn, why } = data
  const field = fieldsOf({ label, adoptedOn, reviewOn, why }, mistakes)
  return (
    <Form
      action="/strategy/vision/edit"
      csrf={view.csrf}
      mistakes={listed(mistakes)}
      submit={say('strategy.vision.edit.preview')}
      hidden={{ act: 'preview' }}
      cancel={{ href: '/strategy/vision' }}
      note={say('strategy.vision.edit.preview.note')}
    >
      <LocalizedControl
        id="field-text"
        name="text"
        label={say('strategy.vision.edit.text')}
        hint={say('strategy.vision.edit.text.hint')}
        languages={writingLanguages(view)}
        value={data.text}
        problem={byLanguage(mistakes, 'text')}
        long
        rows={14}
        required
      />
      <LocalizedControl
        id="field-title"
        name="title"
        label={say('strategy.vision.field.title')}
        languages={writingLanguages(view)}
        value={data.title}
        problem={byLanguage(mistakes, 'title')}
        max={200}
        required
      />
      <TextControl {...field('label', say('strategy.vision.field.versionLabel'))} max={40} width="short" required />
      <DayControl {...field('adoptedOn', say('strategy.vision.field.adoptedOn'))} />
      <DayControl {...field('reviewOn', say('strategy.vision.field.reviewOn'))} />
      <TextControl {...field('why', say('strategy.form.why'))} hint={say('strategy.form.why.hint')} />
    </Form>
  )
}

const changeTones = { same: 'quiet', changed: 'accent', new: 'accent' } as const

function Preview({ data, preview, view }: { data: EditData; preview: NonNullable<EditData['preview']>; view: View }) {
  const { say } = view
  const hidden: Record<string, string> = {
    label: data.label,
    adoptedOn: data.adoptedOn,
    reviewOn: data.reviewOn,
    why: data.why,
    ...Object.fromEntries(Object.entries(data.title).map(([language, text]) => [`title.${language}`, text])),
    ...Object.fromEntries(Object.entries(data.text).map(([language, text]) => [`text.${language}`, text])),
  }
  return (
    <Form
      action="/strategy/vision/edit"
      csrf={view.csrf}
      hidden={hidden}
      mistakes={listed(data.mistakes)}
      submit={say('strategy.vision.edit.adopt')}
      note={say('strategy.vision.edit.adopt.note')}
      further={
        <>
          <Button variant="secondary" name="act" value="draft">
            {say('strategy.vision.edit.draft')}
          </Button>
          <Button variant="tertiary" name="act" value="edit">
            {say('strategy.vision.edit.again')}
          </Button>
        </>
      }
    >
      <input type="hidden" name="act" value="adopt" />
      <DataTable
        id="sentences"
        caption={say('strategy.vision.edit.table')}
        rows={preview.rows.map((row, index) => ({ ...row, index }))}
        columns={[
          {
            name: 'text',
            head: say('strategy.sentence'),
            names: true,
            cell: (row) => (
              <div class="cw-stack" data-gap="tight">
                {view.languages
                  .filter((language) => row.text[language])
                  .map((language) => (
                    <span key={language} lang={language}>
                      {row.text[language]}
                    </span>
                  ))}
              </div>
            ),
          },
          {
            name: 'change',
            head: say('strategy.vision.edit.change'),
            cell: (row) => (
              <Badge tone={changeTones[row.change]}>{say(`strategy.vision.edit.change.${row.change}`)}</Badge>
            ),
          },
          {
            name: 'replaces',
            head: say('strategy.sentence.field.replaces'),
            cell: (row) =>
              preview.old.length === 0 ? (
                say('strategy.vision.edit.nothing-before')
              ) : (
                <QuietSelect
                  id={`field-replaces-${row.index}`}
                  name={`replaces.${row.index}`}
                  label={say('strategy.sentence.field.replaces')}
                  options={preview.old}
                  value={row.replaces}
                  problem={data.mistakes[`replaces.${row.index}`]}
                  emptyLabel={say('strategy.vision.edit.none')}
                />
              ),
          },
        ]}
      />
      {preview.dropped.length > 0 && (
        <Section
          id="dropped"
          title={say('strategy.vision.edit.dropped')}
          lead={say('strategy.vision.edit.dropped.lead')}
        >
          <ul>
            {preview.dropped.map((row) => (
              <li key={row.code} lang={row.lang}>
                <del>{row.text}</del>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Form>
  )
}
