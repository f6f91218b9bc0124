import type { View } from '#kernel/view.ts'
import { LinkButton } from '#web/parts/button.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'

export type CalendarView = {
  /** What the days are, 'Due on'. */
  readonly label: string
  readonly month: string
  readonly days: ReadonlyArray<{
    readonly day: string
    /** 1 = Monday. */
    readonly weekday: number
    readonly today: boolean
    /** `began`: it goes on from a day before. */
    readonly entries: ReadonlyArray<NamedLink & { readonly code: string; readonly began: boolean }>
  }>
  /** The months beside it; none before the first year and after the last. */
  readonly before: string | null
  readonly after: string | null
  /** How much is shown, and whether the month is cut. */
  readonly shown: string
  readonly without?: { readonly count: number; readonly href: string }
}

/** A month: weeks in columns where there is room, else the days on which something falls. */
export function Calendar({ calendar, view }: { calendar: CalendarView; view: View }) {
  const { say, language } = view
  const written = new Intl.DateTimeFormat(language, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })
  return (
    <section class="cw-stack" aria-labelledby="calendar-month">
      <div class="cw-section-head">
        <h2 id="calendar-month">
          {calendar.label}: {calendar.month}
        </h2>
        <div class="cw-cluster">
          {calendar.before && (
            <LinkButton href={calendar.before} variant="secondary" icon="arrow-left">
              {say('record.list.month-before')}
            </LinkButton>
          )}
          {calendar.after && (
            <LinkButton href={calendar.after} variant="secondary" icon="arrow-right">
              {say('record.list.month-after')}
            </LinkButton>
          )}
        </div>
      </div>
      <p class="cw-soft">{calendar.shown}</p>
      <ol class="cw-calendar">
        {calendar.days.map((day, index) => (
          <li
            key={day.day}
            data-weekday={index === 0 ? day.weekday : undefined}
            data-empty={day.entries.length === 0 ? '' : undefined}
            data-today={day.today ? '' : undefined}
          >
            <time dateTime={day.day} class="cw-small" aria-current={day.today ? 'date' : undefined}>
              {written.format(new Date(day.day))}
            </time>
            {day.entries.length > 0 && (
              <ul>
                {day.entries.map((entry) => (
                  <li key={entry.code} data-began={entry.began ? '' : undefined}>
                    <NameLink name={entry} />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ol>
      {calendar.without && (
        <p>
          <a href={calendar.without.href}>{say('record.list.month-none', { count: calendar.without.count })}</a>
        </p>
      )}
    </section>
  )
}
