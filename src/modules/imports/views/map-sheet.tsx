import type { View } from '#kernel/view.ts'
import { FlagControl, SelectControl } from '#web/controls/choice.tsx'
import { FormGroup } from '#web/controls/form.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { Button } from '#web/parts/button.tsx'
import { Section } from '#web/parts/head.tsx'
import { DataTable } from '#web/parts/table.tsx'
import type { PlaceForm } from '../queries-form-table.ts'
import type { Option } from '../queries-meaning.ts'

export type SheetData = {
  readonly id: string
  readonly name: string
  /** Name of the first subject, which is the default. */
  readonly firstSubject: string | undefined
  /** Further subjects, and kinds of records the reader may add. */
  readonly kinds: readonly Option[]
  /** Sheets of a workbook; empty for a text file. */
  readonly sheets: ReadonlyArray<{
    readonly name: string
    readonly hidden: boolean
    readonly rows: number
    readonly more: boolean
    /** The mapping of this import reads it. */
    readonly mapped: boolean
  }>
  /** The sheet being viewed. */
  readonly sheet: {
    readonly name: string
    readonly headerRow: number | null
    readonly headerRows: number
    readonly range: string
    readonly totals: {
      readonly column: string
      readonly texts: readonly string[]
      readonly rows: readonly number[]
    } | null
    readonly remarksFrom: number | null
  } | null
}

type Part = { data: SheetData; view: View }

/** Which sheet, where its table begins, and what its rows are: can be changed without losing the file. */
export function TableChoice({ data, kind, view: { say, csrf } }: Part & { kind: string }) {
  const word = (key: string) => say(`imports.${key}`)
  const { sheets, sheet } = data
  return (
    <Section
      id="table"
      title={word(sheets.length > 0 ? 'sheets' : 'rows-are')}
      lead={
        sheet
          ? say('imports.sheet-found', {
              sheet: sheet.name,
              range: sheet.range,
              row: sheet.headerRow ?? 0,
              rows: sheet.headerRows,
            })
          : undefined
      }
    >
      {sheets.length > 1 && (
        <DataTable
          id="import-sheets"
          caption={word('sheets')}
          captionUnseen
          rows={sheets}
          columns={[
            {
              name: 'name',
              head: word('sheet'),
              names: true,
              cell: (each) => (
                <a href={`/import/${data.id}/columns?sheet=${encodeURIComponent(each.name)}`}>
                  <bdi>{each.name}</bdi>
                </a>
              ),
            },
            {
              name: 'rows',
              head: word('sheet-rows'),
              cell: (each) => say('imports.sheet-rows-count', { rows: each.rows, more: each.more ? 'yes' : 'no' }),
            },
            {
              name: 'state',
              head: word('state'),
              cell: (each) => word(each.mapped ? 'sheet-mapped' : each.hidden ? 'sheet-hidden' : 'sheet-left'),
            },
          ]}
        />
      )}
      <form method="get" action={`/import/${data.id}/table`} class="cw-form">
        {sheets.length > 0 && (
          <SelectControl
            id="field-sheet"
            name="sheet"
            label={word('sheet')}
            value={sheet?.name ?? ''}
            required
            options={sheets.map((each) => ({ value: each.name, label: each.name }))}
          />
        )}
        <SelectControl
          id="field-kind"
          name="kind"
          label={word('rows-are')}
          hint={word('rows-are-hint')}
          value={kind}
          emptyLabel={data.firstSubject}
          required={data.firstSubject === undefined}
          options={data.kinds}
        />
        {sheets.length > 0 && (
          <>
            <TextControl
              id="field-headerRow"
              name="headerRow"
              label={word('header-row')}
              hint={say('imports.header-row-hint', { row: sheet?.headerRow ?? 0 })}
              value=""
              width="short"
            />
            <SelectControl
              id="field-headerRows"
              name="headerRows"
              label={word('header-rows')}
              value=""
              emptyLabel={say('imports.header-rows-found', { rows: sheet?.headerRows ?? 1 })}
              options={['1', '2', '3'].map((value) => ({ value, label: value }))}
            />
          </>
        )}
        <div class="cw-form-end">
          <Button variant="secondary">{word('look-again')}</Button>
        </div>
      </form>
      {sheet &&
        sheets.filter((each) => each.mapped).length > 1 &&
        sheets.some((each) => each.mapped && each.name === sheet.name) && (
          <form method="post" action={`/import/${data.id}/columns`}>
            <input type="hidden" name="csrf" value={csrf} />
            <input type="hidden" name="sheet" value={sheet.name} />
            <Button variant="tertiary" name="act" value="leave">
              {say('imports.leave-sheet', { sheet: sheet.name })}
            </Button>
          </form>
        )}
    </Section>
  )
}

/** What was found in the sheet and is left to the reader to decide: total rows, remarks below. */
export function SheetQuestions({ data: { sheet, sheets }, place, view: { say } }: Part & { place: PlaceForm }) {
  const word = (key: string) => say(`imports.${key}`)
  const others = sheets.filter((each) => each.name !== sheet?.name && !each.hidden && each.rows > 0)
  if (!sheet || (!sheet.totals && sheet.remarksFrom === null && others.length === 0)) return null
  return (
    <FormGroup title={word('group.sheet')}>
      {sheet.totals && (
        <FlagControl
          id="field-leaveTotals"
          name="leaveTotals"
          label={word('leave-totals')}
          hint={say('imports.leave-totals-hint', {
            column: sheet.totals.column,
            texts: sheet.totals.texts.join(', '),
            rows: sheet.totals.rows.join(', '),
          })}
          value={place.leaveTotals}
        />
      )}
      {sheet.remarksFrom !== null && (
        <FlagControl
          id="field-blankEnds"
          name="blankEnds"
          label={word('blank-ends')}
          hint={say('imports.blank-ends-hint', { row: sheet.remarksFrom })}
          value={place.blankEnds}
        />
      )}
      {others.length > 0 && (
        <SelectControl
          id="field-next"
          name="next"
          label={word('next-sheet')}
          hint={word('next-sheet-hint')}
          value=""
          emptyLabel={word('no-next-sheet')}
          options={others.map((each) => ({ value: each.name, label: each.name }))}
        />
      )}
    </FormGroup>
  )
}
