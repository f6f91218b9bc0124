import type { View } from '#kernel/view.ts'
import { LinkButton } from '#web/parts/button.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'
import { Pager } from '#web/parts/table.tsx'

/** All lengths in units of the drawing. */
export type PlacesDrawing = {
  readonly width: number
  readonly height: number
  /** Areas behind it; the name stands where there is room. */
  readonly behind: ReadonlyArray<{
    readonly path: string
    readonly name?: {
      readonly text: string
      readonly lang?: string | undefined
      readonly x: number
      readonly y: number
    }
  }>
  /** Lines and areas in their shape, the largest first. */
  readonly shapes: ReadonlyArray<{
    readonly path: string
    readonly closed: boolean
    readonly label: string
    readonly href: string
  }>
  /** One record, or several that lie too close to each other to be told apart. */
  readonly marks: ReadonlyArray<{
    readonly x: number
    readonly y: number
    /** How many, in few letters; none for one. Part of the label. */
    readonly text?: string
    readonly label: string
    readonly href: string
  }>
  readonly scale?: { readonly length: number; readonly text: string }
}
export type PlacesView = {
  /** What the places are, 'Where it stands'. */
  readonly label: string
  /** What is shown, and whether it is cut. */
  readonly shown: string
  /** Nothing that is found has a place. */
  readonly drawing: PlacesDrawing | null
  /** The whole map, where a part is shown. */
  readonly whole?: string
  /** The same as a list, page by page. */
  readonly rows: ReadonlyArray<NamedLink & { readonly code: string }>
  readonly first?: string
  readonly next?: string
  readonly summary: string
  readonly without?: { readonly count: number; readonly href: string }
}

/** Half the size of a mark; of one with a number in it. */
const radius = 6
const wider = 11

/** A list as a map: drawn on the server, so that nothing is asked of anybody else's; and the same as a list beside it. */
export function Places({ places, view }: { places: PlacesView; view: View }) {
  const { say } = view
  const { drawing } = places
  return (
    <section class="cw-stack" aria-labelledby="places">
      <div class="cw-section-head">
        <h2 id="places">{places.label}</h2>
        {places.whole && (
          <LinkButton href={places.whole} variant="secondary" icon="fit">
            {say('record.list.map-whole')}
          </LinkButton>
        )}
      </div>
      <p class="cw-soft">{places.shown}</p>
      <div class="cw-places">
        {drawing && (
          <figure>
            <a class="cw-map-skip" href="#places-list">
              {say('web.map.skip')}
            </a>
            <Drawing drawing={drawing} label={places.label} />
          </figure>
        )}
        <div class="cw-stack">
          {places.rows.length > 0 && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
            <section class="cw-places-rows" id="places-list" aria-label={say('record.list.map-list')} tabIndex={0}>
              <ul>
                {places.rows.map((row) => (
                  <li key={row.code}>
                    <NameLink name={row} /> <bdi class="cw-soft cw-small">{row.code}</bdi>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <Pager
            {...(places.first ? { newer: places.first } : {})}
            {...(places.next ? { older: places.next } : {})}
            {...(places.first || places.next ? { summary: places.summary } : {})}
            words={{ newer: say('record.list.first'), older: say('web.pager.older') }}
          />
        </div>
      </div>
      {places.without && (
        <p>
          <a href={places.without.href}>{say('record.list.map-none', { count: places.without.count })}</a>
        </p>
      )}
    </section>
  )
}

function Drawing({ drawing, label }: { drawing: PlacesDrawing; label: string }) {
  const { width, height, scale } = drawing
  return (
    <svg class="cw-places-drawing" viewBox={`0 0 ${width} ${height}`}>
      <title>{label}</title>
      <g class="cw-places-behind">
        {drawing.behind.map(({ path, name }, index) => (
          <g key={`${index}`}>
            <path d={path} />
            {name && (
              <text x={name.x} y={name.y} lang={name.lang}>
                {name.text}
              </text>
            )}
          </g>
        ))}
      </g>
      {drawing.shapes.map(({ path, closed, label: name, href }) => (
        <a key={href} href={href} aria-label={name} class="cw-places-shape" data-closed={closed ? '' : undefined}>
          <title>{name}</title>
          {!closed && <path d={path} class="cw-places-near" />}
          <path d={path} />
        </a>
      ))}
      {drawing.marks.map(({ x, y, text, label: name, href }) => (
        <a key={`${x} ${y}`} href={href} aria-label={name} class="cw-places-mark">
          <title>{name}</title>
          <circle cx={x} cy={y} r={12} class="cw-places-near" />
          <circle cx={x} cy={y} r={text ? wider : radius} />
          {text && (
            <text x={x} y={y} data-long={text.length > 3 ? '' : undefined}>
              {text}
            </text>
          )}
        </a>
      ))}
      {scale && (
        <g class="cw-places-scale">
          <path d={`M12 ${height - 16}v6h${Math.round(scale.length)}v-6`} />
          <text x={18} y={height - 14}>
            {scale.text}
          </text>
        </g>
      )}
    </svg>
  )
}
