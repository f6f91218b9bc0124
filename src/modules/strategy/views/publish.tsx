import type { View } from '#kernel/view.ts'
import { FlagControl, SelectControl } from '#web/controls/choice.tsx'
import { Form } from '#web/controls/form.tsx'
import { DayControl } from '#web/controls/number.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { fieldsOf, listed } from '#web/form-fields.ts'
import { Button } from '#web/parts/button.tsx'
import { Disclosure } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, type Text, Words } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { PostForm } from '#web/parts/post.tsx'
import { FilterBar } from '#web/parts/table.tsx'

type Named = {
  readonly count: number
  readonly names: ReadonlyArray<NamedLink & { readonly code: string; readonly kind: string }>
}
type Kinds = ReadonlyArray<{ readonly kind: string; readonly count: number }>

export type PublishData = {
  readonly roots: ReadonlyArray<Text & { readonly code: string; readonly kind: string; readonly public: boolean }>
  readonly waiting: ReadonlyArray<{ readonly day: string; readonly count: number; readonly overtaken: number }>
  readonly chosen: (Text & { readonly code: string; readonly kind: string }) | null
  readonly ready: Named
  /** Ready, including those that lack a language. */
  readonly open: number
  readonly readyByKind: Kinds
  readonly seen: Named
  readonly seenByKind: Kinds
  readonly obstacles: ReadonlyArray<Named & { readonly obstacle: string }>
  /** Of the drafts: how many can be agreed right away, and how many lack an organisation or a post. */
  readonly drafts: { readonly agreeable: number; readonly unanswered: number }
  readonly untranslated: Named
  readonly withUntranslated: boolean
  readonly day: string
  readonly why: string
  /** Something changed between the preview and publishing. */
  readonly changed: boolean
  readonly mistakes: Readonly<Record<string, string>>
}

/** Where each obstacle can be removed. */
const mends: Readonly<Record<string, string>> = { 'no-organisation': '/directory/assign', draft: '/decide' }

/** Publishing with everything below: what the public will see, what stays internal and why, then one step. */
export function publishView(data: PublishData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead title={say('strategy.publish.title')} lead={say('strategy.publish.lead')} />
      <FilterBar action="/strategy/publish" label={say('strategy.publish.choose')}>
        <SelectControl
          id="field-of"
          name="of"
          label={say('strategy.publish.of')}
          options={data.roots.map((root) => ({
            value: root.code,
            label: `${root.kind}: ${root.text}`,
            lang: root.lang,
          }))}
          value={data.chosen?.code ?? ''}
          required
        />
      </FilterBar>
      {data.waiting.length > 0 && (
        <Notice title={say('strategy.publish.waiting')}>
          <ul>
            {data.waiting.map((each) => (
              <li key={each.day}>{say('strategy.publish.waiting.day', each)}</li>
            ))}
          </ul>
        </Notice>
      )}
      {data.changed && (
        <Notice tone="warning" announced>
          {say('strategy.publish.changed')}
        </Notice>
      )}
      {data.chosen && <Chosen data={data} chosen={data.chosen} view={view} />}
    </>
  )
}

const kindsText = (kinds: Kinds) => kinds.map(({ kind, count }) => `${count} ${kind}`).join(' · ')

function Chosen({ data, chosen, view }: { data: PublishData; chosen: NonNullable<PublishData['chosen']>; view: View }) {
  const { say } = view
  const field = fieldsOf({ day: data.day, why: data.why }, data.mistakes)
  return (
    <>
      <Section
        id="seen"
        title={say('strategy.publish.seen', { count: data.seen.count })}
        lead={data.seen.count > 0 ? kindsText(data.seenByKind) : say('strategy.publish.seen.nothing')}
      >
        {data.seen.count > 0 && (
          <Disclosure summary={say('strategy.publish.seen.open')}>
            <NameList named={data.seen} view={view} plain />
          </Disclosure>
        )}
        <p class="cw-soft cw-small">{say('strategy.publish.seen.names')}</p>
      </Section>
      {(data.obstacles.length > 0 || data.untranslated.count > 0) && (
        <Section id="obstacles" title={say('strategy.publish.obstacles')}>
          {data.obstacles.map((each) => (
            <Disclosure
              key={each.obstacle}
              summary={say(`strategy.publish.obstacle.${each.obstacle}`, { count: each.count })}
            >
              <NameList named={each} view={view} />
              {mends[each.obstacle] && (
                <p>
                  <a href={mends[each.obstacle]}>{say(`strategy.publish.obstacle.${each.obstacle}.step`)}</a>
                </p>
              )}
            </Disclosure>
          ))}
          <Drafts data={data} code={chosen.code} view={view} />
          {data.untranslated.count > 0 && (
            <Disclosure summary={say('strategy.publish.untranslated', { count: data.untranslated.count })}>
              <NameList named={data.untranslated} view={view} />
            </Disclosure>
          )}
        </Section>
      )}
      {data.ready.count > 0 || data.untranslated.count > 0 ? (
        <Section id="act" title={say('strategy.publish.act')}>
          <Form
            action="/strategy/publish"
            csrf={view.csrf}
            hidden={{ of: chosen.code, seen: String(data.open) }}
            mistakes={listed(data.mistakes)}
            submit={say('strategy.publish.submit', { count: data.ready.count })}
            note={say('strategy.publish.note', { kinds: kindsText(data.readyByKind) })}
            further={
              <Button variant="secondary" name="act" value="preview">
                {say('strategy.publish.again')}
              </Button>
            }
          >
            <input type="hidden" name="act" value="publish" />
            <DayControl
              {...field('day', say('strategy.publish.day'))}
              hint={say('strategy.publish.day.hint')}
              min={view.today}
            />
            {data.untranslated.count > 0 && (
              <FlagControl
                id="field-untranslated"
                name="untranslated"
                label={say('strategy.publish.with-untranslated', { count: data.untranslated.count })}
                hint={say('strategy.publish.with-untranslated.hint')}
                value={data.withUntranslated}
              />
            )}
            <TextControl {...field('why', say('strategy.form.why'))} hint={say('strategy.form.why.hint')} />
          </Form>
        </Section>
      ) : (
        <Notice>{say('strategy.publish.nothing-new')}</Notice>
      )}
    </>
  )
}

/** From draft to agreed: agree what is complete, name who is responsible for the rest. */
function Drafts({ data: { drafts }, code, view }: { data: PublishData; code: string; view: View }) {
  const { say } = view
  return (
    <>
      {drafts.unanswered > 0 && (
        <Notice
          tone="warning"
          actions={<a href="/directory/assign">{say('strategy.publish.obstacle.no-organisation.step')}</a>}
        >
          {say('strategy.publish.agree.unanswered', { count: drafts.unanswered })}
        </Notice>
      )}
      {drafts.agreeable > 0 && (
        <PostForm action="/strategy/publish" csrf={view.csrf} hidden={{ of: code }} row>
          <Button variant="secondary" name="act" value="agree">
            {say('strategy.publish.agree', { count: drafts.agreeable })}
          </Button>
          <span class="cw-soft">{say('strategy.publish.agree.note')}</span>
        </PostForm>
      )}
    </>
  )
}

function NameList({ named, view, plain }: { named: Named; view: View; plain?: boolean }) {
  return (
    <ul class="cw-stack" data-gap="tight">
      {named.names.map((each) => (
        <li key={each.code}>
          <span class="cw-soft cw-small">{each.kind}</span> {plain ? <Words text={each} /> : <NameLink name={each} />}
        </li>
      ))}
      {named.count > named.names.length && (
        <li class="cw-soft">{view.say('strategy.publish.more', { count: named.count - named.names.length })}</li>
      )}
    </ul>
  )
}
