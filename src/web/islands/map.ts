/**
 * Makes a layered map interactive: zoom, drag with the mouse, choose a box, find boxes by their words. Everything it
 * needs is in the page; without it the map can still be read, scrolled and followed by its links.
 */

const steps = { least: 0.08, most: 3, factor: 1.25 }
/** A press that moves less than this is a click. */
const clickPixels = 5

for (const figure of document.querySelectorAll<HTMLElement>('[data-island="map"]')) start(figure)

function start(figure: HTMLElement): void {
  const part = <Kind extends Element>(name: string) => figure.querySelector<Kind>(`[data-map="${name}"]`)
  const view = part<HTMLElement>('view')
  const picture = view?.querySelector<SVGSVGElement>('svg')
  const tools = part<HTMLElement>('tools')
  if (!view || !picture || !tools) return
  figure.dataset.live = ''
  tools.hidden = false
  const boxes = [...picture.querySelectorAll<SVGElement>('.cw-map-box')]
  const natural = Number(picture.getAttribute('width'))
  zooming(figure, view, picture, natural)
  dragging(view)
  const choose = choosing(figure, picture, boxes)
  moving(view, boxes, choose)
  finding(figure, view, picture, boxes, choose)
}

/** Zoom changes the width of the drawing; the browser scrolls, so that touch, wheel and keys work as everywhere. */
function zooming(figure: HTMLElement, view: HTMLElement, picture: SVGSVGElement, natural: number): void {
  const part = (name: string) => figure.querySelector<HTMLButtonElement>(`[data-map="${name}"]`)
  const width = () => picture.getBoundingClientRect().width
  const room = () => view.clientWidth - 2 * Number.parseFloat(getComputedStyle(view).paddingInlineStart)
  /** Keeps the point under `x`, `y` (from the corner of the view) in place. */
  const scale = (next: number, x = view.clientWidth / 2, y = view.clientHeight / 2) => {
    const before = width()
    const bounded = Math.min(steps.most * natural, Math.max(steps.least * natural, next))
    const [left, top] = [view.scrollLeft, view.scrollTop]
    picture.style.minInlineSize = '0'
    picture.style.maxInlineSize = 'none'
    picture.style.inlineSize = `${bounded}px`
    const ratio = bounded / before
    view.scrollLeft =
      left < 0 ? (left - (view.clientWidth - x)) * ratio + (view.clientWidth - x) : (left + x) * ratio - x
    view.scrollTop = (top + y) * ratio - y
  }
  const fit = () => {
    const height = Number(picture.getAttribute('height'))
    scale(Math.min(room(), ((view.clientHeight - 24) / height) * natural))
    view.scrollTo({ top: 0, left: 0 })
  }
  // In print all columns are shown, whatever the zoom.
  window.addEventListener('beforeprint', () => scale(Math.min(natural, room())))
  part('in')?.addEventListener('click', () => scale(width() * steps.factor))
  part('out')?.addEventListener('click', () => scale(width() / steps.factor))
  part('fit')?.addEventListener('click', fit)
  const large = part('large')
  if (large && !document.fullscreenEnabled) large.hidden = true
  large?.addEventListener('click', () => {
    if (document.fullscreenElement) void document.exitFullscreen()
    else void figure.requestFullscreen()
  })
  view.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === '+' || event.key === '=') scale(width() * steps.factor)
    else if (event.key === '-') scale(width() / steps.factor)
    else if (event.key === '0') fit()
    else return
    event.preventDefault()
  })
  view.addEventListener(
    'wheel',
    (event) => {
      // The plain wheel scrolls, so that nobody gets stuck in the map.
      if (!event.ctrlKey) return
      event.preventDefault()
      const frame = view.getBoundingClientRect()
      scale(width() * Math.exp(-event.deltaY / 300), event.clientX - frame.left, event.clientY - frame.top)
    },
    { passive: false },
  )
}

/** Drags the drawing with the mouse; touch scrolls natively. */
function dragging(view: HTMLElement): void {
  let from: { x: number; y: number; left: number; top: number } | undefined
  let moved = false
  view.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'mouse' || event.button !== 0) return
    from = { x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop }
    moved = false
  })
  window.addEventListener('pointermove', (event) => {
    if (!from) return
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y]
    if (!moved && Math.hypot(dx, dy) < clickPixels) return
    moved = true
    view.dataset.dragged = ''
    view.scrollLeft = from.left - dx
    view.scrollTop = from.top - dy
  })
  window.addEventListener('pointerup', () => {
    from = undefined
    delete view.dataset.dragged
  })
  // Browsers let people drag links, and a drag that ends on a box is not a click on it.
  view.addEventListener('dragstart', (event) => event.preventDefault())
  view.addEventListener(
    'click',
    (event) => {
      if (!moved) return
      moved = false
      event.preventDefault()
      event.stopPropagation()
    },
    true,
  )
}

type Choose = (box: SVGElement | null) => void

/** A click selects a box: everything that leads to it and from it is highlighted. A second one, or Enter, opens it. */
function choosing(figure: HTMLElement, picture: SVGSVGElement, boxes: readonly SVGElement[]): Choose {
  const part = <Kind extends Element>(name: string) => figure.querySelector<Kind>(`[data-map="${name}"]`)
  const chosen = part<HTMLElement>('chosen')
  const name = part<HTMLElement>('chosen-name')
  const [open, chain] = [part<HTMLAnchorElement>('open'), part<HTMLAnchorElement>('chain')]
  const arrows = [...picture.querySelectorAll<SVGElement>('[data-from]')]
  const ends = arrows.map((arrow) => [Number(arrow.dataset.from), Number(arrow.dataset.to)] as const)
  const along = (start: number, from: 0 | 1): Set<number> => {
    const seen = new Set([start])
    const next = Map.groupBy(ends, (end) => end[from])
    const waiting = [start]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
      for (const end of next.get(node) ?? []) {
        const other = end[from === 0 ? 1 : 0]
        if (seen.has(other)) continue
        seen.add(other)
        waiting.push(other)
      }
    return seen
  }
  const mark = (element: SVGElement, on: boolean, key: 'on' | 'here') => {
    if (on) element.dataset[key] = ''
    else delete element.dataset[key]
  }
  const choose: Choose = (box) => {
    for (const each of boxes) mark(each, each === box, 'here')
    if (chosen) chosen.hidden = box === null
    if (box === null) {
      delete picture.dataset.chosen
      return
    }
    picture.dataset.chosen = ''
    const [forth, back] = [along(Number(box.dataset.node), 0), along(Number(box.dataset.node), 1)]
    for (const each of boxes)
      mark(each, forth.has(Number(each.dataset.node)) || back.has(Number(each.dataset.node)), 'on')
    for (const [index, arrow] of arrows.entries()) {
      const [from, to] = ends[index]!
      mark(arrow, (forth.has(from) && forth.has(to)) || (back.has(from) && back.has(to)), 'on')
    }
    if (name) name.textContent = box.dataset.name ?? ''
    const href = box.getAttribute('href')
    if (open) open.hidden = href === null
    if (open && href !== null) open.href = href
    if (chain) chain.hidden = box.dataset.chain === undefined
    if (chain && box.dataset.chain !== undefined) chain.href = box.dataset.chain
  }
  picture.addEventListener('click', (event) => {
    const box = (event.target as Element).closest<SVGElement>('.cw-map-box')
    // From the keyboard (detail 0) and with a modifier key, a link stays a link.
    if (event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (box && box.dataset.here !== undefined) return
    event.preventDefault()
    choose(box)
    box?.focus({ preventScroll: true })
  })
  figure.addEventListener('keydown', (event) => {
    const box = (event.target as Element).closest<SVGElement>('.cw-map-box')
    if (event.key === 'Escape' && picture.dataset.chosen !== undefined) choose(null)
    else if (event.key === ' ' && box) choose(box)
    else return
    event.preventDefault()
  })
  return choose
}

/** One stop of the tab key; from there arrow keys go to the nearest box on that side. */
function moving(view: HTMLElement, boxes: readonly SVGElement[], choose: Choose): void {
  const links = boxes.filter((box) => box.hasAttribute('href'))
  const rest = (current: SVGElement) => {
    for (const box of links) box.setAttribute('tabindex', box === current ? '0' : '-1')
  }
  if (links[0]) rest(links[0])
  const sides: Record<string, readonly [number, number]> = {
    ArrowRight: [1, 0],
    ArrowLeft: [-1, 0],
    ArrowDown: [0, 1],
    ArrowUp: [0, -1],
  }
  view.addEventListener('focusin', (event) => {
    const box = links.find((each) => each === event.target)
    if (box) rest(box)
  })
  view.addEventListener('keydown', (event) => {
    const here = links.find((each) => each === event.target)
    const side = sides[event.key]
    if (!here || !side || event.ctrlKey || event.metaKey || event.altKey) return
    const middle = (box: SVGElement) => {
      const { left, top, width, height } = box.getBoundingClientRect()
      return [left + width / 2, top + height / 2] as const
    }
    const [x, y] = middle(here)
    let nearest: SVGElement | undefined
    let least = Number.POSITIVE_INFINITY
    for (const box of links) {
      const [otherX, otherY] = middle(box)
      const ahead = (otherX - x) * side[0] + (otherY - y) * side[1]
      const aside = Math.abs((otherX - x) * side[1]) + Math.abs((otherY - y) * side[0])
      if (ahead < 2 || (side[1] !== 0 && aside > 2)) continue
      const far = ahead + 2 * aside
      if (far >= least) continue
      least = far
      nearest = box
    }
    event.preventDefault()
    if (!nearest) return
    rest(nearest)
    nearest.focus()
    nearest.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    if (view.querySelector('[data-chosen]')) choose(nearest)
  })
}

/** Boxes that contain the typed text are highlighted; Enter goes from one to the next. */
function finding(
  figure: HTMLElement,
  view: HTMLElement,
  picture: SVGSVGElement,
  boxes: readonly SVGElement[],
  choose: Choose,
): void {
  const input = figure.querySelector<HTMLInputElement>('[data-map="find"]')
  const output = figure.querySelector<HTMLOutputElement>('[data-map="found"]')
  if (!input || !output) return
  const plain = (text: string) =>
    text
      .normalize('NFKD')
      .replace(/\p{Mn}/gu, '')
      .toLowerCase()
  const words = boxes.map((box) => plain(`${box.dataset.name ?? ''} ${box.textContent ?? ''}`))
  let hits: SVGElement[] = []
  let at = -1
  const show = (index: number) => {
    at = index
    const box = hits[at]!
    box.scrollIntoView({ block: 'center', inline: 'center' })
    choose(box)
    output.textContent = `${at + 1} / ${hits.length}`
  }
  input.addEventListener('input', () => {
    const sought = plain(input.value.trim())
    hits = sought === '' ? [] : boxes.filter((_, index) => words[index]!.includes(sought))
    at = -1
    if (sought === '') delete picture.dataset.sought
    else picture.dataset.sought = ''
    for (const box of boxes) {
      if (hits.includes(box)) box.dataset.hit = ''
      else delete box.dataset.hit
    }
    choose(null)
    output.textContent = sought === '' ? '' : hits.length === 0 ? (output.dataset.none ?? '') : String(hits.length)
    if (hits[0]) hits[0].scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || hits.length === 0) return
    event.preventDefault()
    delete picture.dataset.sought
    show((at + (event.shiftKey ? hits.length - 1 : 1) + (at < 0 && event.shiftKey ? 1 : 0)) % hits.length)
  })
  view.addEventListener('focusin', () => delete picture.dataset.sought)
}
