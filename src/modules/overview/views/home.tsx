import type { View } from '#kernel/view.ts'
import type { Headline } from '#platform/offer.ts'
import { type FindingStep, FindingSteps } from '#web/finding-pages/item.tsx'
import { LinkButton } from '#web/parts/button.tsx'
import { Card, EmptyState } from '#web/parts/card.tsx'
import { Tally } from '#web/parts/figure.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, type Text, Words } from '#web/parts/name.tsx'
import { ResultBadge } from '#web/parts/status-card.tsx'
import { type ChangeView, HeadlineCard, RecentActivity, type SilentReporterView } from './parts.tsx'

export type PublicData = {
  readonly version: string
  readonly adopted: string | null
  readonly outcomes: number
  readonly met: number
  readonly missed: number
  readonly notDue: number
  readonly unknown: number
  readonly sentences: ReadonlyArray<NamedLink & { readonly code: string; readonly headlines: readonly Headline[] }>
}

type WorkspaceData = {
  readonly as: 'workspace'
  readonly city: Text
  readonly today: string
  readonly cards: readonly Headline[]
  readonly steps: readonly FindingStep[]
  /** Steps beyond those shown. */
  readonly more: number
  readonly silent: readonly SilentReporterView[]
  readonly changes: readonly ChangeView[]
}

type EmptyData = {
  readonly as: 'empty'
  readonly city: Text
  readonly demo: boolean
  readonly signedIn: boolean
  readonly mayImport: boolean
}

export type HomeData =
  | WorkspaceData
  | EmptyData
  | ({ readonly as: 'public'; readonly city: Text } & PublicData)
  | { readonly as: 'nothing-public'; readonly city: Text }

/** The first page: for somebody who is signed in, for a resident, and for an empty installation. */
export function homeView(data: HomeData, view: View) {
  if (data.as === 'workspace') return <Workspace data={data} view={view} />
  if (data.as === 'public') return <Public data={data} view={view} />
  if (data.as === 'empty') return <Empty data={data} view={view} />
  const { say } = view
  return (
    <>
      <PageHead title={data.city.text} lang={data.city.lang} lead={say('overview.public.nothing')} />
      <LinkButton href="/sign-in" variant="secondary">
        {say('web.account.sign-in')}
      </LinkButton>
    </>
  )
}

const count = (cards: readonly Headline[], result: string) => cards.filter((card) => card.result === result).length

function Workspace({ data, view }: { data: WorkspaceData; view: View }) {
  const { say } = view
  const { cards, steps } = data
  return (
    <>
      <PageHead
        over={data.today}
        title={say('overview.home.title')}
        lead={
          cards.length > 0
            ? say('overview.home.lead', {
                outcomes: cards.length,
                met: count(cards, 'met'),
                missed: count(cards, 'missed'),
                open: count(cards, 'not-due'),
                unknown: count(cards, 'unknown'),
              })
            : undefined
        }
      />
      <div class="cw-sidebar">
        <div class="cw-stack" data-gap="wide">
          {cards.length > 0 ? (
            <Section
              id="outcomes"
              title={say('overview.home.outcomes')}
              beside={
                <a class="ds-link" href="/strategy/vision">
                  {say('overview.home.vision')}
                </a>
              }
            >
              <div class="cw-grid">
                {cards.map((card) => (
                  <HeadlineCard key={card.id} card={card} view={view} />
                ))}
              </div>
            </Section>
          ) : (
            <EmptyState
              title={say('overview.home.no-outcome')}
              icon="target"
              actions={<LinkButton href="/strategy/group">{say('overview.home.no-outcome.action')}</LinkButton>}
            >
              <p>{say('overview.home.no-outcome.text')}</p>
            </EmptyState>
          )}
        </div>
        <div class="cw-stack" data-gap="wide">
          <div class="cw-stack" data-gap="tight">
            <h2 id="next-steps">{say('overview.home.decide')}</h2>
            {steps.length > 0 && <FindingSteps steps={steps} />}
            {steps.length === 0 && <p class="cw-soft">{say('overview.home.nothing-waits')}</p>}
            {data.more > 0 && (
              <p class="cw-small">
                <a href="/work">{say('overview.home.more', { count: data.more })}</a>
              </p>
            )}
          </div>
          <RecentActivity silent={data.silent} changes={data.changes} view={view} />
        </div>
      </div>
    </>
  )
}

function Public({ data, view }: { data: Extract<HomeData, { as: 'public' }>; view: View }) {
  const { say } = view
  return (
    <>
      <PageHead
        over={<Words text={data.city} />}
        title={say('overview.public.title')}
        lead={say('overview.public.lead', { outcomes: data.outcomes })}
        actions={<LinkButton href="/strategy/vision">{say('overview.public.vision')}</LinkButton>}
      />
      {data.outcomes > 0 && (
        <Tally
          met={data.met}
          missed={data.missed}
          unknown={data.unknown}
          notDue={data.notDue}
          label={say('overview.public.tally')}
          of="outcomes"
        />
      )}
      <ol class="cw-grid" data-columns="wide">
        {data.sentences.map((sentence) => (
          <li key={sentence.code}>
            <Sentence sentence={sentence} view={view} />
          </li>
        ))}
      </ol>
      <p class="cw-soft cw-small">
        {data.adopted
          ? say('overview.public.version-since', { version: data.version, day: data.adopted })
          : say('overview.public.version', { version: data.version })}
      </p>
    </>
  )
}

function Sentence({ sentence, view }: { sentence: PublicData['sentences'][number]; view: View }) {
  const { say } = view
  return (
    <article class="cw-card">
      <h2 class="cw-statement" lang={sentence.lang}>
        <a href={sentence.href}>{sentence.text}</a>
      </h2>
      {sentence.headlines.length === 0 && <p class="cw-soft">{say('overview.public.no-outcome')}</p>}
      {sentence.headlines.map((card) => (
        <div key={card.id} class="cw-stack" data-gap="tight">
          <p class="cw-cluster">
            <NameLink name={card} />
            <ResultBadge card={card} />
          </p>
          <p class="cw-small">{card.sentence}</p>
        </div>
      ))}
    </article>
  )
}

/** Nothing here yet: the three ways to begin. */
function Empty({ data, view }: { data: EmptyData; view: View }) {
  const { say } = view
  return (
    <>
      <PageHead title={say('overview.empty.title')} lead={say('overview.empty.lead')} />
      <div class="cw-grid">
        <Card title={say('overview.empty.file')} href={data.mayImport ? '/import' : '/start'} level={2}>
          <p>{say('overview.empty.file.text')}</p>
        </Card>
        <Card title={say('overview.empty.template')} href="/import/template" level={2}>
          <p>{say('overview.empty.template.text')}</p>
        </Card>
        <Card title={say('overview.empty.demo')} href="/start" level={2}>
          <p>{say('overview.empty.demo.text')}</p>
        </Card>
      </div>
    </>
  )
}
