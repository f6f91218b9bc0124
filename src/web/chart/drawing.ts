/**
 * Draws one series with ECharts on the server, as SVG that follows the colours of the page. ECharts knows fixed
 * colours only and writes `style` attributes, which our content security policy refuses: it is given marker colours,
 * and `cleanSvg` turns those into custom properties and the styles into attributes.
 */
import { install as lineChart } from 'echarts/lib/chart/line/install.js'
import { install as grid } from 'echarts/lib/component/grid/installSimple.js'
import { install as markLine } from 'echarts/lib/component/marker/installMarkLine.js'
import { type EChartsCoreOption, init, use } from 'echarts/lib/export/core.js'
import { install as svgRenderer } from 'echarts/lib/renderer/installSVGRenderer.js'
import { fanMarkup } from './fan.ts'
import {
  type ChartPoint,
  isHollow,
  isSignal,
  labelledPeriods,
  type SeriesDrawing,
  scaleFor,
  widthOf,
} from './series.ts'

use([lineChart, grid, markLine, svgRenderer] as never)

const markers = {
  line: '#a00001',
  axis: '#a00002',
  grid: '#a00003',
  mean: '#a00004',
  limit: '#a00005',
  target: '#a00006',
  break: '#a00007',
  good: '#a00008',
  concern: '#a00009',
  surface: '#a0000a',
  ink: '#a0000b',
} as const

const properties: Record<keyof typeof markers, string> = {
  line: '--cw-chart-line',
  axis: '--cw-chart-axis',
  grid: '--cw-chart-grid',
  mean: '--cw-chart-mean',
  limit: '--cw-chart-limit',
  target: '--cw-chart-target',
  break: '--cw-chart-break',
  good: '--cw-good',
  concern: '--cw-concern',
  surface: '--cw-surface',
  ink: '--cw-ink',
}

export type Size = { readonly width: number; readonly height: number; readonly text: number }

/** One `<svg>` of the given size (user units; the page scales it). Without any values it draws empty axes. */
export function drawSeries(drawing: SeriesDrawing, size: Size, variant: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: size.width, height: size.height })
  try {
    chart.setOption(optionsFor(drawing, size))
    const svg = cleanSvg(chart.renderToSVGString(), size, `${drawing.id}-${variant}`)
    // Below everything else: lines and points stay readable on top.
    return svg.replace('>', `>${fanMarkup(drawing.points, placeOf(drawing, size))}`)
  } finally {
    chart.dispose() // an instance that is not disposed keeps the process running
  }
}

/** The scale, and the plot area inside the picture, in user units. */
function frameOf({ points, format, bounds }: SeriesDrawing, size: Size) {
  const numbers = points.flatMap(({ value, target, mean, lower, upper, fan }) =>
    [value, target, mean, lower, upper, fan?.lower, fan?.upper].filter(
      (each): each is number => typeof each === 'number',
    ),
  )
  const scale = scaleFor(numbers, bounds)
  const left = Math.ceil(Math.max(...scale.ticks.map((tick) => widthOf(format(tick), size.text)))) + 12
  return { scale, left, right: 14, top: size.text * 1.9, bottom: size.text * 2.3 }
}

/** Where a period's value is in the picture. */
function placeOf(drawing: SeriesDrawing, size: Size) {
  const { scale, left, right, top, bottom } = frameOf(drawing, size)
  const [width, height] = [size.width - left - right, size.height - top - bottom]
  return (index: number, value: number): readonly [number, number] => [
    left + ((index + 0.5) / Math.max(drawing.points.length, 1)) * width,
    top + ((scale.max - value) / (scale.max - scale.min)) * height,
  ]
}

function optionsFor(drawing: SeriesDrawing, size: Size): EChartsCoreOption {
  const { points, format, words } = drawing
  const { scale, left, right, top, bottom } = frameOf(drawing, size)
  const labels = points.map((point) => point.shortPeriod ?? point.period)
  const labelled = labelledPeriods(labels, size.width - left - right, size.text)
  const text = { color: markers.axis, fontSize: size.text }
  return {
    animation: false,
    grid: { left, right, top, bottom, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: -0.5,
      max: Math.max(points.length, 1) - 0.5,
      splitLine: { show: false },
      axisLine: { show: true, onZero: false, lineStyle: { color: markers.axis, width: 1 } },
      axisTick: { show: true, customValues: labelled, length: 4, lineStyle: { color: markers.axis } },
      axisLabel: {
        ...text,
        customValues: labelled,
        margin: 8,
        hideOverlap: false,
        formatter: (at: number) => labels[at] ?? '',
      },
    },
    yAxis: {
      type: 'value',
      min: scale.min,
      max: scale.max,
      interval: scale.step,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: markers.grid, width: 1 } },
      axisLabel: { ...text, margin: 8, formatter: (value: number) => format(Number(value.toPrecision(12))) },
    },
    series: [
      stepped(points, 'lower', { color: markers.limit, width: 1, type: [4, 4] }),
      stepped(points, 'upper', { color: markers.limit, width: 1, type: [4, 4] }),
      stepped(points, 'mean', { color: markers.mean, width: 1.25 }),
      {
        ...stepped(points, 'target', { color: markers.target, width: 2, type: [8, 4] }),
        markPoint: undefined,
        endLabel: {
          show: points.some(({ target }) => typeof target === 'number'),
          formatter: words.target,
          color: markers.target,
          fontSize: size.text,
          fontWeight: 600,
          align: 'right',
          verticalAlign: 'bottom',
          offset: [4, -6],
          textBorderColor: markers.surface,
          textBorderWidth: 3,
        },
      },
      valueSeries(points, words, size),
    ],
  }
}

function stepped(points: readonly ChartPoint[], which: 'lower' | 'upper' | 'mean' | 'target', lineStyle: object) {
  return {
    type: 'line',
    silent: true,
    symbol: 'none',
    lineStyle,
    data: points.flatMap((point, index) => {
      const value = point[which] ?? null
      if (value === null) return [[index, null]]
      // From half a period before to half a period after, so that a single period has a line too.
      const level = [
        [index - 0.5, value],
        [index + 0.5, value],
      ]
      return point.breakText && which !== 'target' ? [[index - 0.5, null], ...level] : level
    }),
  }
}

function valueSeries(points: readonly ChartPoint[], words: SeriesDrawing['words'], size: Size) {
  const crowded = points.length > size.width / 14
  const data: object[] = []
  points.forEach((point, index) => {
    // No line crosses a break: the values on either side cannot be compared.
    if (point.breakText) data.push({ value: [index - 0.5, null] })
    data.push({ value: [index, point.value], ...symbolOf(point, crowded) })
  })
  const breaks = points.flatMap(({ breakText }, index) => (breakText ? [index - 0.5] : []))
  return {
    type: 'line',
    silent: true,
    showAllSymbol: true,
    lineStyle: { color: markers.line, width: crowded ? 1.75 : 2.25 },
    data,
    z: 5,
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: markers.break, width: 1.25, type: [2, 3] },
      label: {
        formatter: words.break,
        color: markers.break,
        fontSize: size.text,
        position: 'end',
        distance: 4,
      },
      data: breaks.map((xAxis) => ({ xAxis })),
    },
  }
}

function symbolOf(point: ChartPoint, crowded: boolean) {
  const hollow = isHollow(point)
  if (isSignal(point)) {
    const color =
      point.reading === 'improving' ? markers.good : point.reading === 'concerning' ? markers.concern : markers.ink
    return {
      symbol: 'triangle',
      symbolSize: crowded ? 9 : 12,
      symbolRotate: point.side === 'low' ? 180 : 0,
      itemStyle: {
        color: hollow ? markers.surface : color,
        borderColor: hollow ? color : markers.surface,
        borderWidth: hollow ? 2 : 1,
      },
    }
  }
  return {
    symbol: 'circle',
    symbolSize: hollow ? 8 : crowded ? 4 : 7,
    itemStyle: {
      color: hollow ? markers.surface : markers.line,
      borderColor: markers.line,
      borderWidth: hollow ? 2 : 0,
    },
  }
}

/** SVG of ECharts without styles, scripts, data attributes or fixed colours. Exported for its test. */
export function cleanSvg(svg: string, size: Size, id: string): string {
  let clean = svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<rect[^>]*fill="none"[^>]*><\/rect>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events|xmlns(?::\w+)?|baseProfile|version)="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/g, (_, style: string) => attributesOf(style))
    .replace(/zr\d+-/g, `${id}-`)
    .replace(/\n+/g, '')
  for (const [name, marker] of Object.entries(markers)) {
    clean = clean.replaceAll(marker, `var(${properties[name as keyof typeof markers]})`)
  }
  const inside = clean.slice(clean.indexOf('>') + 1)
  return `<svg viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" direction="ltr" focusable="false">${inside}`
}

/** `font-size:12px;font-weight:600` as ` font-size="12" font-weight="600"`; the font itself is the page's. */
function attributesOf(style: string): string {
  return style
    .split(';')
    .map((declaration) => declaration.split(':').map((each) => each.trim()))
    .filter(([name, value]) => value && name !== 'font-family')
    .map(([name, value]) => ` ${name}="${value!.replace(/px$/, '')}"`)
    .join('')
}
