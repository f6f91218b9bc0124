/**
 * A layered map: the picture, its legend, and the same content as a list. Works without a script; the island `map`
 * enhances it.
 */
import { renderToString } from 'preact-render-to-string'
import type { Say } from '#kernel/words.ts'
import { Icon } from './icon.tsx'
import { LanguageProvider, type PageLanguage, useLanguage } from './language.tsx'
import type { MapDrawing } from './map/drawing.ts'
import { type MapLine, mapLines } from './map/lines.ts'
import { arrowSign, boxSign, drawPicture } from './map/picture.ts'
import { Tree, type TreeNode } from './parts/sight.tsx'
import { Badge } from './parts/status.tsx'

export type { MapArrow, MapBox, MapDetail, MapDrawing, MapMark, MapPlaces } from './map/drawing.ts'

/** Cached markup of unchanged drawings, by content and language; released with the drawing. */
const drawn = new WeakMap<object, Map<string, string>>()

function markupOf(drawing: object, what: string, { language, direction }: PageLanguage, make: () => string): string {
  const known = drawn.get(drawing) ?? new Map<string, string>()
  drawn.set(drawing, known)
  const key = `${language} ${direction} ${what}`
  const markup = known.get(key) ?? make()
  known.set(key, markup)
  return markup
}

type LayeredMapProps = {
  /** Unique on the page. */
  id: string
  title: string
  /** What the picture shows, in a sentence or two. */
  description: string
  drawing: MapDrawing
  /** Where the same content is shown as a list; by default the `MapList` with the same id. */
  listHref?: string
}

export function LayeredMap({ id, title, description, drawing, listHref = `#${id}-list` }: LayeredMapProps) {
  const language = useLanguage()
  const { say } = language
  const label = `${title}. ${description}`
  const picture = markupOf(drawing, `picture ${id} ${label}`, language, () =>
    drawPicture(id, label, drawing, language.direction),
  )
  return (
    <figure class="cw-map" aria-labelledby={`${id}-title`} data-island="map">
      <div class="cw-map-head">
        <div>
          <h2 id={`${id}-title`}>{title}</h2>
          <p class="cw-soft cw-small">{description}</p>
        </div>
        <a class="cw-map-skip" href={listHref}>
          {say('web.map.skip')}
        </a>
        <MapTools id={id} />
      </div>
      {/* A scrolling region has to be reachable by keyboard. */}
      <section
        class="cw-map-view"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        tabIndex={0}
        aria-label={say('web.map.region', { title })}
        data-map="view"
        dangerouslySetInnerHTML={{ __html: picture }}
      />
      <div class="cw-map-chosen" data-map="chosen" hidden>
        <p aria-live="polite" data-map="chosen-name" />
        <div class="cw-cluster">
          <a class="ds-link" data-map="open" href={listHref}>
            {say('web.map.open')}
          </a>
          <a class="ds-link" data-map="chain" href={listHref}>
            {say('web.map.chain')}
          </a>
        </div>
      </div>
      <MapLegend drawing={drawing} />
    </figure>
  )
}

/** Shown only by the island: without it they would do nothing. */
function MapTools({ id }: { id: string }) {
  const { say } = useLanguage()
  return (
    <div class="cw-map-tools" data-map="tools" hidden>
      <label class="cw-unseen" for={`${id}-find`}>
        {say('web.map.find')}
      </label>
      <input id={`${id}-find`} type="search" placeholder={say('web.map.find')} autocomplete="off" data-map="find" />
      <output class="cw-small cw-soft" for={`${id}-find`} data-map="found" data-none={say('web.map.found-none')} />
      {(
        [
          ['out', 'minus'],
          ['in', 'plus'],
          ['fit', 'fit'],
          ['large', 'large'],
        ] as const
      ).map(([name, icon]) => (
        <button key={name} type="button" data-map={name} title={say(`web.map.${name}`)}>
          <Icon name={icon} />
          <span class="cw-unseen">{say(`web.map.${name}`)}</span>
        </button>
      ))}
    </div>
  )
}

/** Only what occurs in the picture, each sign next to its word. */
function MapLegend({ drawing }: { drawing: MapDrawing }) {
  const { say } = useLanguage()
  const { boxes, arrows, places, bandNames } = drawing
  const loss = boxes.find((box) => box.loss)
  const marks = [...new Map(boxes.flatMap((box) => box.marks).map((mark) => [mark.icon, mark])).values()]
  return (
    <ul class="cw-legend">
      {places.bands.map(({ band }) => (
        <li key={band}>
          <Sign svg={boxSign(band, false)} />
          {bandNames[band]}
        </li>
      ))}
      {loss && (
        <li>
          <Sign svg={boxSign(loss.band, true)} />
          {say('web.map.legend.loss')}
        </li>
      )}
      {arrows.length > 0 && (
        <li>
          <Sign svg={arrowSign} />
          {say(arrows.some(({ percent }) => percent !== null) ? 'web.map.legend.weighted' : 'web.map.legend.arrow')}
        </li>
      )}
      {boxes.some(({ count }) => count !== undefined) && <li>{say('web.map.legend.group')}</li>}
      {marks.map((mark) => (
        <li key={mark.icon} class="cw-map-sample" data-tone={mark.tone}>
          <Icon name={mark.icon} />
          {say(mark.tone === 'concern' ? 'web.map.legend.finding' : 'web.map.legend.note')}
        </li>
      ))}
    </ul>
  )
}

const Sign = ({ svg }: { svg: string }) => <span class="cw-map-sample-sign" dangerouslySetInnerHTML={{ __html: svg }} />

type MapListProps = {
  id: string
  title: string
  drawing: Pick<MapDrawing, 'boxes' | 'arrows'>
  /** Everything open; otherwise the trees of a large map start closed. */
  open?: boolean
}

/** The map as a list: each outcome, and under it what brings it about. */
export function MapList({ id, title, drawing, open }: MapListProps) {
  const language = useLanguage()
  const html = markupOf(drawing, `list ${title} ${open}`, language, () =>
    renderToString(
      <LanguageProvider {...language}>
        <Tree label={title} nodes={treeOf(drawing, language.say, open)} />
      </LanguageProvider>,
    ),
  )
  return (
    <section class="cw-section" aria-labelledby={`${id}-list`}>
      <h2 id={`${id}-list`}>{title}</h2>
      <div dangerouslySetInnerHTML={{ __html: html }} />
    </section>
  )
}

function treeOf({ boxes, arrows }: MapListProps['drawing'], say: Say, open: boolean | undefined): TreeNode[] {
  const closed = !open && boxes.length > 40
  const nodeOf = (line: MapLine): TreeNode => {
    const box = boxes[line.box]!
    const weight = line.percent === null ? [] : [say('web.map.weight', { percent: Math.round(line.percent) })]
    const note = [...weight, ...(box.note ? [box.note] : []), ...(line.again ? [say('web.map.again')] : [])]
    return {
      kind: [box.kind, box.code].filter(Boolean).join(' '),
      title: box.title,
      lang: box.lang,
      href: box.href,
      note: note.length > 0 ? note.join(' · ') : undefined,
      closed,
      marks:
        box.state || box.marks.length > 0 ? (
          <>
            {box.state && <Badge>{box.state}</Badge>}
            {box.marks.map((mark) => (
              <Badge key={mark.text} icon={mark.icon} tone={mark.tone}>
                {mark.text}
              </Badge>
            ))}
          </>
        ) : undefined,
      children: line.children.map(nodeOf),
      ...(line.deeper > 0
        ? { more: { text: say('web.map.deeper', { count: line.deeper }), ...(box.href ? { href: box.href } : {}) } }
        : {}),
    }
  }
  return mapLines(boxes, arrows).map(nodeOf)
}
