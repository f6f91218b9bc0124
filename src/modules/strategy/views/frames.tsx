import type { View } from '#kernel/view.ts'
import { Form } from '#web/controls/form.tsx'
import { FileControl } from '#web/controls/number.tsx'
import { listed } from '#web/form-fields.ts'
import { Button } from '#web/parts/button.tsx'
import { Card, EmptyState } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import type { Text } from '#web/parts/name.tsx'
import { PostForm } from '#web/parts/post.tsx'
import { type FrameTableData, frameTableView } from './frame-table.tsx'

export type FramesData = {
  readonly frames: readonly FrameTableData[]
  readonly shipped: ReadonlyArray<Text & { readonly id: string; readonly edition: string }>
  readonly mayLoad: boolean
  readonly mistakes: Readonly<Record<string, string>>
}

/** Every frame as a table, and how to load another. */
export function framesView(data: FramesData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead title={say('strategy.classification.title')} lead={say('strategy.classification.lead')} />
      {data.frames.length === 0 && (
        <EmptyState title={say('strategy.frames.none')} icon="chart">
          <p>{say(data.mayLoad ? 'strategy.frames.none.load' : 'strategy.frames.none.optional')}</p>
        </EmptyState>
      )}
      {data.frames.map((frame) => (
        <Section
          key={frame.code}
          id={frame.code}
          title={frame.text}
          lead={frame.edition}
          beside={
            <a class="ds-link" href={frame.href}>
              <bdi>{frame.code}</bdi>
            </a>
          }
        >
          {frameTableView(frame, view)}
        </Section>
      ))}
      {data.mayLoad && (
        <Section id="load" title={say('strategy.frames.load')} lead={say('strategy.frames.load.lead')}>
          {data.shipped.length > 0 && (
            <div class="cw-grid">
              {data.shipped.map((frame) => (
                <Card key={frame.id} title={frame.text} lang={frame.lang} over={frame.edition}>
                  <PostForm action="/strategy/classification" csrf={view.csrf} hidden={{ shipped: frame.id }}>
                    <Button variant="secondary">
                      {say('strategy.frames.load.one')}
                      <span class="cw-unseen"> {frame.text}</span>
                    </Button>
                  </PostForm>
                </Card>
              ))}
            </div>
          )}
          <Form
            action="/strategy/classification"
            csrf={view.csrf}
            mistakes={listed(data.mistakes)}
            submit={say('strategy.frames.load.submit')}
            upload
          >
            <FileControl
              id="field-file"
              name="file"
              label={say('strategy.frames.load.file')}
              hint={say('strategy.frames.load.file.hint')}
              problem={data.mistakes.file}
              accept=".json,application/json"
              required
            />
          </Form>
        </Section>
      )}
    </>
  )
}
