import type { View } from '#kernel/view.ts'
import { Disclosure } from '#web/parts/card.tsx'
import { Tally } from '#web/parts/figure.tsx'
import { Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, nameColumn } from '#web/parts/name.tsx'
import { LineOfSight } from '#web/parts/sight.tsx'
import { Badge, type Performance, PerformanceBadge, StateBadge } from '#web/parts/status.tsx'
import { ResultBadge } from '#web/parts/status-card.tsx'
import { DataTable } from '#web/parts/table.tsx'
import type { OutcomeCard } from '../pages-cards.ts'
import type { OutcomeChance } from '../pages-chance.ts'
import type { ClassificationData } from './frame-table.tsx'

export type CommitmentData = NamedLink & {
  readonly code: string
  readonly due: string
  readonly kept: string | null
  readonly state: 'draft' | 'agreed' | 'kept' | 'missed' | 'dropped'
  readonly stateText: string
  readonly overdue: boolean
}

type Below = {
  /** Ways from the vision down to here, at most three, and how many more there are. */
  readonly ways: ReadonlyArray<ReadonlyArray<NamedLink & { readonly kind: string; readonly current: boolean }>>
  readonly moreWays: number
  readonly objectives: ReadonlyArray<NamedLink & { readonly code: string; readonly note: string }>
  readonly commitments: readonly CommitmentData[]
  readonly classification: readonly ClassificationData[]
}

export type SightData = Below

export type OutcomePanelData = Below & {
  readonly card: OutcomeCard
  readonly chance: OutcomeChance
  readonly rule: string
  /** True if only indicators of its objectives measure it. */
  readonly through: boolean
  readonly parts: ReadonlyArray<
    NamedLink & {
      readonly code: string
      readonly result: Performance
      readonly period: string
      readonly late: boolean
    }
  >
}

/** On an outcome's page: its status by its rule, and the line of sight up and down. */
export function outcomePanelView(data: OutcomePanelData, view: View) {
  const { say } = view
  const { card, parts } = data
  return (
    <>
      <Section id="standing" title={say('strategy.outcome.panel.standing')}>
        <div class="cw-sidebar">
          <div class="cw-stack">
            <div class="cw-cluster">
              <ResultBadge card={card} />
            </div>
            <p class="cw-lead">{card.sentence}</p>
            <p class="cw-soft">{data.rule}</p>
            {data.through && <p class="cw-soft">{say('strategy.card.through-objectives')}</p>}
          </div>
          <Tally
            met={card.met}
            missed={card.missed}
            unknown={card.unknown}
            notDue={card.notDue}
            label={say('strategy.card.below')}
          />
        </div>
        <DataTable
          id="parts"
          caption={say('strategy.outcome.panel.parts')}
          rows={parts}
          empty={
            <p class="cw-soft">
              {say(data.through ? 'strategy.outcome.panel.through' : 'strategy.outcome.panel.no-parts')}
            </p>
          }
          columns={[
            nameColumn('indicator', say('strategy.tree.indicator')),
            {
              name: 'result',
              head: say('strategy.outcome.panel.result'),
              cell: (row) => <PerformanceBadge value={row.result} />,
            },
            {
              name: 'period',
              head: say('strategy.outcome.panel.period'),
              cell: (row) => (
                <>
                  <bdi>{row.period}</bdi>{' '}
                  {row.late && (
                    <Badge icon="clock" tone="concern">
                      {say('strategy.outcome.panel.overdue')}
                    </Badge>
                  )}
                </>
              ),
            },
          ]}
        />
      </Section>
      <Outlook chance={data.chance} view={view} />
      <Surroundings data={data} view={view} />
    </>
  )
}

/** The chance by the outcome's rule if the past pattern continues, or that none is calculated and why. */
function Outlook({ chance, view: { say } }: { chance: OutcomeChance; view: View }) {
  const { weakest, without, moreWithout } = chance
  return (
    <Section id="outlook" title={say('strategy.chance.title')}>
      <h3>{say('strategy.chance.past')}</h3>
      <p class="cw-lead">{chance.sentence}</p>
      {chance.basis && <p>{chance.basis}</p>}
      {weakest && (
        <p>
          {say('strategy.chance.weakest')} <NameLink name={weakest} /> <span class="cw-soft">{weakest.chance}</span>
        </p>
      )}
      {without.length > 0 && (
        <ul class="cw-stack" data-gap="tight">
          {without.map((each) => (
            <li key={each.href}>
              <NameLink name={each} /> <span class="cw-soft">{each.reason}</span>
            </li>
          ))}
          {moreWithout > 0 && <li class="cw-soft">{say('strategy.chance.more', { count: moreWithout })}</li>}
        </ul>
      )}
    </Section>
  )
}

/** On the page of an objective: what is directly below it, and the commitments towards it. */
export function sightPanelView(data: SightData, view: View) {
  return <Surroundings data={data} view={view} />
}

function Surroundings({ data, view }: { data: Below; view: View }) {
  const { say } = view
  return (
    <>
      <Section id="sight" title={say('strategy.sight.title')}>
        {data.ways.length === 0 && <p class="cw-soft">{say('strategy.sight.none')}</p>}
        {data.ways.map((way, index) => (
          <LineOfSight
            key={way[0]?.href ?? ''}
            label={say('strategy.sight.way', { number: index + 1 })}
            steps={way.map((step) => ({ ...step, title: step.text }))}
          />
        ))}
        {data.moreWays > 0 && <p class="cw-soft">{say('strategy.sight.more', { count: data.moreWays })}</p>}
      </Section>
      {data.objectives.length > 0 && (
        <Section id="objectives" title={say('strategy.sight.objectives', { count: data.objectives.length })}>
          <ul class="cw-stack" data-gap="tight">
            {data.objectives.map((each) => (
              <li key={each.code}>
                <NameLink name={each} /> <span class="cw-soft cw-small">{each.note}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {data.commitments.length > 0 && <Commitments rows={data.commitments} view={view} />}
      {data.classification.length > 0 && <Classification rows={data.classification} view={view} />}
    </>
  )
}

const stages = { draft: 'draft', agreed: 'under-way', kept: 'reached', missed: 'ended', dropped: 'ended' } as const

function Commitments({ rows, view }: { rows: readonly CommitmentData[]; view: View }) {
  const { say } = view
  return (
    <Section id="commitments" title={say('strategy.commitment.plural')}>
      <DataTable
        id="commitment-table"
        caption={say('strategy.outcome.panel.commitments')}
        captionUnseen
        rows={rows}
        columns={[
          nameColumn('title', say('strategy.commitment')),
          { name: 'due', head: say('strategy.commitment.field.dueOn'), cell: (row) => row.due },
          {
            name: 'state',
            head: say('strategy.outcome.panel.state'),
            cell: (row) => (
              <div class="cw-cluster">
                <StateBadge stage={stages[row.state]}>{row.stateText}</StateBadge>
                {row.kept && <span class="cw-soft cw-small">{row.kept}</span>}
                {row.overdue && (
                  <Badge icon="alert" tone="concern">
                    {say('strategy.outcome.panel.overdue')}
                  </Badge>
                )}
              </div>
            ),
          },
        ]}
      />
    </Section>
  )
}

function Classification({ rows, view }: { rows: readonly ClassificationData[]; view: View }) {
  return (
    <Disclosure summary={view.say('strategy.classification.cells')}>
      <div class="cw-stack">
        {rows.map((frame) => (
          <div key={frame.href} class="cw-stack" data-gap="tight">
            <NameLink name={frame} />
            <div class="cw-cluster">
              {frame.members.map((member) => (
                <Badge key={member}>{member}</Badge>
              ))}
            </div>
          </div>
        ))}
      </div>
    </Disclosure>
  )
}
