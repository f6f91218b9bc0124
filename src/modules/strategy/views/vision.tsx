import type { View } from '#kernel/view.ts'
import { LinkButton } from '#web/parts/button.tsx'
import { EmptyState, Tabs } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, type Text, Words } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { Badge, StateBadge } from '#web/parts/status.tsx'
import type { OutcomeCard } from '../pages-cards.ts'
import { OutcomeCardView } from './outcome-card.tsx'

export type SentenceData = Text & {
  readonly code: string
  readonly href: string
  readonly replaces: (Text & { readonly href: string; readonly same: boolean }) | null
  readonly replacedBy: NamedLink | null
  readonly outcomes: readonly OutcomeCard[]
}

export type VisionData = {
  readonly shown: {
    readonly code: string
    readonly label: string
    readonly title: Text
    readonly state: 'draft' | 'adopted' | 'replaced'
    readonly stateText: string
    readonly adopted: string | null
    readonly review: string | null
    readonly reviewOverdue: boolean
    /** Address of the step that puts it in force. */
    readonly adopt: string | null
  } | null
  readonly newest: boolean
  readonly versions: ReadonlyArray<{ readonly label: string; readonly href: string; readonly current: boolean }>
  readonly summary: string
  readonly sentences: readonly SentenceData[]
  readonly without: readonly OutcomeCard[]
  readonly loose: number
  readonly mayWrite: boolean
}

/** What the city wants to be, sentence by sentence, with the status of each. */
export function visionView(data: VisionData, view: View) {
  const { say } = view
  const { shown } = data
  if (!shown)
    return (
      <>
        <PageHead title={say('strategy.vision.title')} />
        <EmptyState
          title={say('strategy.vision.none')}
          icon="flag"
          actions={
            data.mayWrite ? (
              <LinkButton href="/strategy/vision/edit">{say('strategy.vision.write-first')}</LinkButton>
            ) : undefined
          }
        >
          <p>{say(view.signedIn ? 'strategy.vision.none.inside' : 'strategy.vision.none.public')}</p>
        </EmptyState>
      </>
    )
  return (
    <>
      <PageHead
        over={<Words text={shown.title} />}
        title={say('strategy.vision.title')}
        lead={data.summary}
        marks={
          <>
            <Badge icon="document">{say('strategy.vision.version', { label: shown.label })}</Badge>
            {shown.adopted && <Badge icon="check">{say('strategy.vision.adopted-on', { day: shown.adopted })}</Badge>}
            {shown.review && (
              <Badge icon="calendar" tone={shown.reviewOverdue ? 'concern' : 'quiet'}>
                {say(shown.reviewOverdue ? 'strategy.vision.review-overdue' : 'strategy.vision.review-on', {
                  day: shown.review,
                })}
              </Badge>
            )}
            {shown.state !== 'adopted' && (
              <StateBadge stage={shown.state === 'draft' ? 'draft' : 'ended'}>{shown.stateText}</StateBadge>
            )}
          </>
        }
        actions={
          data.mayWrite ? (
            <LinkButton href="/strategy/vision/edit" variant="secondary" icon="pencil">
              {say('strategy.vision.new-version')}
            </LinkButton>
          ) : undefined
        }
      />
      {data.versions.length > 1 && <Tabs label={say('strategy.vision.versions')} tabs={data.versions} />}
      {shown.state === 'replaced' && data.newest && <Notice>{say('strategy.vision.replaced-newest')}</Notice>}
      {shown.state === 'replaced' && !data.newest && (
        <Notice actions={<a href="/strategy/vision">{say('strategy.vision.to-newest')}</a>}>
          {say('strategy.vision.replaced')}
        </Notice>
      )}
      {shown.state === 'draft' && (
        <Notice title={say('strategy.vision.draft')}>
          <p>{say('strategy.vision.draft.text')}</p>
          {shown.adopt && (
            <LinkButton href={shown.adopt} variant="secondary">
              {say('strategy.vision.adopt')}
            </LinkButton>
          )}
        </Notice>
      )}
      {data.loose > 0 && (
        <Notice tone="warning" actions={<a href="/strategy/vision/relink">{say('strategy.work.relink.step')}</a>}>
          {say('strategy.work.relink', { count: data.loose })}
        </Notice>
      )}
      {data.sentences.map((sentence, index) => (
        <SentencePart
          key={sentence.code}
          sentence={sentence}
          position={index + 1}
          mayWrite={data.mayWrite}
          view={view}
        />
      ))}
      {data.without.length > 0 && (
        <Section
          id="without-sentence"
          title={say('strategy.vision.without')}
          lead={say('strategy.vision.without.lead')}
        >
          <div class="cw-grid">
            {data.without.map((card) => (
              <OutcomeCardView key={card.id} card={card} view={view} />
            ))}
          </div>
        </Section>
      )}
    </>
  )
}

function SentencePart({
  sentence,
  position,
  mayWrite,
  view,
}: {
  sentence: SentenceData
  position: number
  mayWrite: boolean
  view: View
}) {
  const { say } = view
  return (
    <section class="cw-grid" data-columns="wide" aria-labelledby={sentence.code}>
      <div class="cw-stack" data-gap="tight">
        <p class="cw-over">
          {say('strategy.vision.sentence-number', { position })} ·{' '}
          <a href={sentence.href}>
            <bdi>{sentence.code}</bdi>
          </a>
        </p>
        <h2 class="cw-statement" id={sentence.code} lang={sentence.lang}>
          {sentence.text}
        </h2>
        <SentenceChange sentence={sentence} view={view} />
      </div>
      {sentence.outcomes.length > 0 ? (
        <div class="cw-stack">
          {sentence.outcomes.map((card) => (
            <OutcomeCardView key={card.id} card={card} view={view} />
          ))}
        </div>
      ) : (
        <div class="cw-stack" data-gap="tight">
          <p class="cw-soft">{say('strategy.vision.no-outcome')}</p>
          {mayWrite && (
            <p>
              <a href="/strategy/group">{say('strategy.group.link')}</a>
            </p>
          )}
        </div>
      )}
    </section>
  )
}

/** What a sentence replaced, or what replaced it. */
export function SentenceChange({
  sentence,
  view,
}: {
  sentence: Pick<SentenceData, 'replaces' | 'replacedBy'>
  view: View
}) {
  const { say } = view
  const { replaces, replacedBy } = sentence
  return (
    <>
      {replaces && !replaces.same && (
        <p class="cw-small cw-soft">
          {say('strategy.vision.took-place-of')}{' '}
          <a href={replaces.href} lang={replaces.lang}>
            <del>{replaces.text}</del>
          </a>
        </p>
      )}
      {replaces?.same && (
        <p class="cw-small cw-soft">
          <a href={replaces.href}>{say('strategy.vision.unchanged')}</a>
        </p>
      )}
      {replacedBy && (
        <p class="cw-small">
          {say('strategy.vision.replaced-by')} <NameLink name={replacedBy} />
        </p>
      )}
    </>
  )
}
