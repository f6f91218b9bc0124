/** Made-up values of a made-up city, for the gallery and its tests. */
import type { ChartPoint } from '../chart.tsx'

export type Tell = (english: string, chinese: string) => string

/** Monthly ambulance response times with a signal, a gap, a break, a change of target and an annualised end. */
export function responseTimes(tell: Tell): ChartPoint[] {
  const values = [
    9.4,
    9.1,
    9.6,
    9.0,
    9.3,
    9.8,
    9.2,
    9.5,
    null,
    9.1,
    9.4,
    9.2,
    8.1,
    8.4,
    7.9,
    8.2,
    8.0,
    8.3,
    7.8,
    8.1,
    6.9,
    7.0,
    6.8,
    7.2,
  ]
  return values.map((value, index): ChartPoint => {
    const after = index >= 12
    const month = (index % 12) + 1
    const year = 2024 + Math.floor(index / 12)
    const improving = index >= 20 && index < 23
    const target = index < 15 ? 9 : 8
    return {
      period: tell(`${months[month - 1]} ${year}`, `${year}年${month}月`),
      shortPeriod: tell(`${months[month - 1]!.slice(0, 3)} ${year % 100}`, `${year % 100}年${month}月`),
      value,
      text: value === null ? '' : value.toFixed(1),
      status: index === 23 ? 'annualised' : index === 22 ? 'provisional' : 'actual',
      target,
      targetText: tell(`at most ${target}.0`, `不超过 ${target}.0`),
      mean: after ? 7.8 : 9.3,
      lower: after ? 6.95 : 8.5,
      upper: after ? 8.65 : 10.1,
      reading: improving ? 'improving' : index === 5 ? 'concerning' : 'usual',
      side: improving ? 'low' : 'high',
      breakText: index === 12 ? tell('calls are counted from the first ring', '自首次来电起计时') : undefined,
      note: index === 8 ? tell('Not reported: system moved', '系统迁移，未上报') : undefined,
    }
  })
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

export type Row = {
  readonly code: string
  readonly name: string
  readonly value: string
  readonly period: string
  readonly target: string
  readonly performance: 'met' | 'missed' | 'unknown' | 'not-due'
  readonly reading: 'improving' | 'concerning' | 'higher-than-usual' | 'usual' | 'not-stated'
  readonly side?: 'high' | 'low'
  readonly series: ReadonlyArray<number | null>
}

export const rows = (tell: Tell): Row[] => [
  {
    code: 'IND-0012',
    name: tell('Response time to life-threatening calls', '危及生命呼叫的响应时间'),
    value: tell('7.2 min', '7.2 分钟'),
    period: tell('FY 2025', '2025 财年'),
    target: tell('at most 8.0', '不超过 8.0'),
    performance: 'met',
    reading: 'improving',
    side: 'low',
    series: [9.4, 9.1, 9.6, 9, 8.1, 8.4, 7.9, 7.2],
  },
  {
    code: 'IND-0040',
    name: tell('Homes without heating complaints closed in a day', '一日内办结的供暖投诉占比'),
    value: '61.5%',
    period: tell('FY 2025', '2025 财年'),
    target: tell('at least 80%', '不低于 80%'),
    performance: 'missed',
    reading: 'concerning',
    side: 'low',
    series: [82, 80, 79, 81, 74, 70, 66, 61.5],
  },
  {
    code: 'IND-0077',
    name: tell('Visits to public libraries', '公共图书馆到访人次'),
    value: tell('1,204,330', '120.4 万'),
    period: tell('FY 2025', '2025 财年'),
    target: tell('no target', '无目标值'),
    performance: 'not-due',
    reading: 'higher-than-usual',
    side: 'high',
    series: [1, 1.1, 0.4, 0.3, 0.7, 0.9, 1.1, 1.2],
  },
  {
    code: 'IND-0101',
    name: tell('Share of trips by bus, bicycle or on foot', '公交、自行车与步行出行比例'),
    value: tell('Not known', '暂无数据'),
    period: tell('FY 2022', '2022 财年'),
    target: tell('at least 55%', '不低于 55%'),
    performance: 'unknown',
    reading: 'not-stated',
    series: [41, null, 44, null, null],
  },
]
