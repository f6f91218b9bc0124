type SparklineProps = {
  /** Oldest first; null is a gap. */
  values: ReadonlyArray<number | null>
  /** A horizontal line, if one target applies to all of them. */
  target?: number | null
  /** What the newest value says. */
  tone?: 'good' | 'concern' | 'quiet'
}

const width = 112
const height = 32
const edge = 4

/**
 * A series in one line of a list: no axes, no text, because the number is next to it. Cheap enough for thousands on a
 * page.
 */
export function Sparkline({ values, target, tone = 'quiet' }: SparklineProps) {
  const known = values.filter((value): value is number => value !== null)
  if (known.length === 0) return null
  const all = typeof target === 'number' ? [...known, target] : known
  const low = Math.min(...all)
  const spread = Math.max(...all) - low || 1
  const x = (index: number) =>
    values.length === 1 ? width / 2 : round(edge + (index / (values.length - 1)) * (width - 2 * edge))
  const y = (value: number) => round(height - edge - ((value - low) / spread) * (height - 2 * edge))
  let path = ''
  let pen = false
  values.forEach((value, index) => {
    if (value !== null) path += `${pen ? 'L' : 'M'}${x(index)} ${y(value)}`
    pen = value !== null
  })
  const last = values.findLastIndex((value) => value !== null)
  return (
    <svg
      class="cw-spark"
      data-tone={tone}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
      focusable="false"
    >
      {typeof target === 'number' && <path class="cw-spark-target" d={`M0 ${y(target)}H${width}`} />}
      <path d={path} />
      <circle cx={x(last)} cy={y(values[last]!)} r="3" />
    </svg>
  )
}

const round = (value: number) => Math.round(value * 10) / 10
