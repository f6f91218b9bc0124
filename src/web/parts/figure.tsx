import type { ComponentChildren } from 'preact'
import { useLanguage } from '../language.tsx'

/**
 * A number never stands alone: period, age and source are required. All of them are finished words; numbers and days
 * are written by the kernel in the reader's language.
 */
export type FigureProps = {
  /** The formatted number, e.g. '7.2'. Absent when it is not known; then the words say so. */
  value?: string
  unit: string
  /** E.g. 'July 2024 – June 2025'. */
  period: string
  /** How old it is, e.g. '4 months old'. */
  age: string
  source: string
  sourceHref?: string
  /** What qualifies the number: 'annualised from 4 months', 'provisional'. */
  caution?: string
}

function Quantity({ value, unit, caution }: Pick<FigureProps, 'value' | 'unit' | 'caution'>) {
  const { say } = useLanguage()
  if (value === undefined) return <span class="cw-figure-unknown">{say('web.figure.unknown')}</span>
  return (
    <>
      <bdi class="cw-figure-number">{value}</bdi> {unit && <span class="cw-figure-unit">{unit}</span>}
      {caution && <span class="cw-figure-caution"> {caution}</span>}
    </>
  )
}

function Provenance({ period, age, source, sourceHref }: FigureProps) {
  const { say } = useLanguage()
  return (
    <>
      {period} · {age} · {say('web.figure.source')}
      {sourceHref ? <a href={sourceHref}>{source}</a> : source}
    </>
  )
}

/** A number in a line of text, with everything that belongs to it. */
export function Figure(props: FigureProps) {
  const { say } = useLanguage()
  return (
    <span class="cw-inline-figure">
      <Quantity {...props} />
      <span class="cw-inline-figure-source">
        {say('web.figure.between')}
        <Provenance {...props} />
      </span>
    </span>
  )
}

type KeyFigureProps = FigureProps & {
  label: string
  href?: string
  /** Language of the label if not the page's. */
  lang?: string
  level?: 2 | 3
  /** The target in words: 'Target: at most 8.0 in 2025'. */
  target?: string
  marks?: ComponentChildren
  /** A sparkline. */
  picture?: ComponentChildren
  children?: ComponentChildren
}

/** A number that leads a page: name, number, unit, what it says, period, age and source. */
export function KeyFigure(props: KeyFigureProps) {
  const Level = `h${props.level ?? 3}` as const
  return (
    <article class="cw-card cw-figure">
      <Level class="cw-figure-label" lang={props.lang}>
        {props.href ? (
          <a class="cw-cover" href={props.href}>
            {props.label}
          </a>
        ) : (
          props.label
        )}
      </Level>
      <div class="cw-figure-row">
        <p class="cw-figure-value">
          <Quantity {...props} />
        </p>
        {props.picture}
      </div>
      {props.target && <p class="cw-small">{props.target}</p>}
      {props.marks && <div class="cw-cluster cw-figure-marks">{props.marks}</div>}
      {props.children}
      <p class="cw-figure-source">
        <Provenance {...props} />
      </p>
    </article>
  )
}

export type TallyProps = {
  met: number
  missed: number
  unknown: number
  notDue?: number
  label?: string
  /** Indicators meet a target; outcomes are achieved, as their badges say. */
  of?: 'indicators' | 'outcomes'
}

/** "6 of 9 met, 1 missed, 2 unknown": words first, then a bar of the same shares. Never an average. */
export function Tally({ met, missed, unknown, notDue = 0, label, of = 'indicators' }: TallyProps) {
  const { say } = useLanguage()
  const word = (name: string, values: Record<string, number>) =>
    say(of === 'outcomes' ? `web.tally.outcomes.${name}` : `web.tally.${name}`, values)
  const all = met + missed + unknown + notDue
  if (all === 0) return <p class="cw-soft">{say('web.tally.nothing')}</p>
  const shares = [
    { kind: 'met', count: met },
    { kind: 'missed', count: missed },
    { kind: 'not-due', count: notDue },
    { kind: 'unknown', count: unknown },
  ].filter(({ count }) => count > 0)
  let start = 0
  const bars = shares.map(({ kind, count }) => {
    const width = (count / all) * 300
    const bar = (
      <rect
        key={kind}
        x={round(start)}
        y="0"
        width={round(Math.max(width - 2, 1))}
        height="10"
        rx="1"
        data-kind={kind}
      />
    )
    start += width
    return bar
  })
  return (
    <div class="cw-tally">
      {label && <p class="cw-tally-label">{label}</p>}
      <p class="cw-tally-lead">{word('lead', { met, all })}</p>
      <svg class="cw-tally-bar" viewBox="0 0 300 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {bars}
      </svg>
      <ul class="cw-tally-parts">
        {shares.map(({ kind, count }) => (
          <li key={kind} data-kind={kind}>
            {word(kind, { count })}
          </li>
        ))}
      </ul>
    </div>
  )
}

const round = (value: number) => Math.round(value * 10) / 10
