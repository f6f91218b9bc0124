import type { View } from '#kernel/view.ts'
import { Chart } from '#web/chart.tsx'
import { LinkButton } from '#web/parts/button.tsx'
import { DescriptionList } from '#web/parts/card.tsx'
import { Section } from '#web/parts/head.tsx'
import { NameLink, Words } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { Badge, type Tone } from '#web/parts/status.tsx'
import { DataTable } from '#web/parts/table.tsx'
import type { BudgetView, Profile, ReviewView } from '../pages-profile.ts'
import { PathBadge } from './parts.tsx'

/** On the page of a benefit: its status and who says so, its path, its money, its claims and its reviews. */
export function profileView(data: Profile, view: View) {
  const { say } = view
  const { links } = data
  return (
    <>
      <Section id="profile" title={say(data.loss ? 'benefits.profile.title-loss' : 'benefits.profile.title')}>
        <div class="cw-cluster">
          <PathBadge path={data.path} view={view} />
          {data.loss && (
            <Badge icon="alert" tone="concern">
              {say('benefits.loss')}
            </Badge>
          )}
        </div>
        {data.reason && (
          <Notice title={data.reason.title}>
            <p lang={data.reason.lang}>{data.reason.text}</p>
          </Notice>
        )}
        <p class="cw-lead">{data.stands}</p>
        {data.net && <p>{data.net}</p>}
        {data.cashed && <p>{data.cashed}</p>}
        <p class="cw-soft">{data.lead}</p>
        {(links.figures || links.confirm || links.review) && (
          <div class="cw-cluster">
            {links.figures && (
              <LinkButton href={links.figures} variant="secondary" icon="pencil">
                {say('benefits.figures.link')}
              </LinkButton>
            )}
            {links.confirm && (
              <LinkButton href={links.confirm} variant="secondary" icon="check-circle">
                {say('benefits.cash.link')}
              </LinkButton>
            )}
            {links.review && (
              <LinkButton href={links.review} variant="secondary" icon="calendar">
                {say('benefits.profile.review-new')}
              </LinkButton>
            )}
          </div>
        )}
        {data.facts.length > 0 && (
          <DescriptionList
            pairs={data.facts.map(({ term, value, lang }) => ({ term, value: <span lang={lang}>{value}</span> }))}
          />
        )}
      </Section>
      {(data.chart || data.periods.length > 0) && (
        <Section id="path" title={say('benefits.profile.path')} lead={say('benefits.profile.path-lead')}>
          {data.chart && (
            <Chart
              id="benefit-chart"
              level={3}
              title={say('benefits.profile.chart')}
              description={data.chart.description}
              unit={data.chart.unit}
              points={data.chart.points}
              targetName={say('benefits.profile.chart-path')}
            />
          )}
          {data.periods.length > 0 && <Periods rows={data.periods} view={view} />}
          {data.foreseen && <p class="cw-soft cw-small">{say('benefits.profile.foreseen')}</p>}
        </Section>
      )}
      {data.budget.length > 0 && (
        <Section id="budget" title={say('benefits.profile.budget')} lead={say('benefits.profile.budget-lead')}>
          <Budget rows={data.budget} view={view} />
        </Section>
      )}
      {data.claims.length > 0 && (
        <Section id="claims" title={say('benefits.profile.claims')} lead={say('benefits.profile.claims-lead')}>
          <ul class="cw-stack" data-gap="tight">
            {data.claims.map((claim) => (
              <li key={claim.indicator.href}>
                <NameLink name={claim.indicator} />
                <br />
                {claim.sentence} <Words text={claim.note} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {data.reviews.length > 0 && (
        <Section id="reviews" title={say('benefits.review.plural')}>
          <Reviews rows={data.reviews} view={view} />
        </Section>
      )}
    </>
  )
}

function Periods({ rows, view }: { rows: Profile['periods']; view: View }) {
  const { say } = view
  const number = (name: 'planned' | 'realized' | 'forecast') => ({
    name,
    head: say(`benefits.profile.${name}`),
    numeric: true,
    cell: (row: Profile['periods'][number]) => row[name] && <bdi>{row[name]}</bdi>,
  })
  return (
    <DataTable
      id="periods"
      caption={say('benefits.profile.periods')}
      rows={rows}
      columns={[
        { name: 'period', head: say('web.chart.period'), names: true, cell: (row) => row.period },
        number('planned'),
        number('realized'),
        ...(rows.some((row) => row.forecast !== '') ? [number('forecast')] : []),
      ]}
    />
  )
}

const found = {
  unseen: { icon: 'clock', tone: 'open' },
  less: { icon: 'alert', tone: 'concern' },
  refused: { icon: 'cross-circle', tone: 'concern' },
  confirmed: { icon: 'check-circle', tone: 'good' },
} as const satisfies Record<string, { icon: string; tone: Tone }>

function Budget({ rows, view }: { rows: readonly BudgetView[]; view: View }) {
  const { say } = view
  return (
    <DataTable
      id="budget-lines"
      caption={say('benefits.profile.budget')}
      captionUnseen
      rows={rows}
      columns={[
        {
          name: 'line',
          head: say('benefits.benefit.rows.budget.budgetCode'),
          names: true,
          cell: (row) => <bdi>{row.line}</bdi>,
        },
        { name: 'year', head: say('benefits.benefit.rows.budget.year'), cell: (row) => row.year },
        {
          name: 'whose',
          head: say('benefits.profile.whose'),
          cell: (row) => <Words text={row.whose} none={say('benefits.nobody')} />,
        },
        {
          name: 'amount',
          head: say('benefits.profile.planned'),
          numeric: true,
          cell: (row) => <bdi>{row.amount}</bdi>,
        },
        {
          name: 'found',
          head: say('benefits.benefit.rows.confirmation.verdict'),
          cell: (row) => <Badge {...found[row.state]}>{row.found}</Badge>,
        },
      ]}
    />
  )
}

function Reviews({ rows, view }: { rows: readonly ReviewView[]; view: View }) {
  const { say } = view
  return (
    <DataTable
      id="review-list"
      caption={say('benefits.review.plural')}
      captionUnseen
      rows={rows}
      columns={[
        {
          name: 'when',
          head: say('benefits.profile.review-when'),
          names: true,
          cell: (row) => <a href={row.title.href}>{row.when}</a>,
        },
        {
          name: 'finding',
          head: say('benefits.review.field.finding'),
          cell: (row) => <Words text={row.finding} />,
        },
        { name: 'decision', head: say('benefits.review.field.decision'), cell: (row) => row.decision },
        {
          name: 'action',
          head: say('benefits.review.field.action'),
          cell: (row) => (
            <>
              <Words text={row.action} /> {row.due && <span class="cw-soft cw-small">{row.due}</span>}
            </>
          ),
        },
      ]}
    />
  )
}
