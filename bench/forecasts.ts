/**
 * Forecasts with XmR over many series, compared with plain fits; and whether the ranges hold what they promise. Both
 * run on two threads, because the promise is for two cores.
 */
import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { chanceAt, forecast } from '#analysis/forecast.ts'
import { brier, type StatedChance } from '#analysis/scores.ts'
import { assessSeries } from '#analysis/series.ts'
import { imitate, imitations } from '#analysis/simulated.ts'
import { type Form, fitSmoothing } from '#analysis/smoothing.ts'
import { addMonths } from '#values/period.ts'
import { type Figure, inTurns, type Line, milliseconds, type Stage } from './figure.ts'

const points = 120
const forms: readonly Form[] = ['ANN', 'AAN', 'AAdN']

const madeOf = (count: number, length: number) =>
  Array.from({ length: count }, (_, index) => imitate(imitations[index % imitations.length]!, length, index))

function all(series: ReadonlyArray<readonly number[]>): void {
  for (const [index, values] of series.entries()) {
    forecast({
      values,
      horizon: 12,
      seasonLength: 12,
      bounds: { min: 0 },
      chanceFor: { kind: 'keep', asked: { min: 50 }, from: 1 },
      seed: index,
    })
    assessSeries({ points: pointsOf(values), direction: 'up', grain: 'month' })
  }
}

const days = Array.from({ length: points + 1 }, (_, index) => addMonths('2016-01-01', index))
const pointsOf = (values: readonly number[]) =>
  values.map((value, index) => ({ from: days[index]!, to: days[index + 1]!, value }))

/**
 * How often 80 % ranges of monthly series with 60 values held the 12 that followed, and the score of stated chances.
 */
function held(count: number): { share: number; score: number; chances: number } {
  let [tried, inside] = [0, 0]
  const stated: StatedChance[] = []
  for (const [index, values] of madeOf(count, 72).entries()) {
    const known = values.slice(0, 60)
    const min = known.slice(-12).reduce((sum, value) => sum + value, 0) / 12 + (index % 5) - 2
    const found = forecast({
      values: known,
      horizon: 12,
      seasonLength: 12,
      bounds: { min: 0 },
      chanceFor: { kind: 'reach', asked: { min }, at: 12 },
      seed: index,
    })
    for (const [step, range] of found.steps.entries()) {
      tried += 1
      if (values[60 + step]! >= range.lower && values[60 + step]! <= range.upper) inside += 1
    }
    const chance = chanceAt(found, 12)
    if ('tenths' in chance) stated.push({ chance: chance.tenths / 10, came: values[71]! >= min })
  }
  return { share: (100 * inside) / tried, score: brier(stated) ?? Number.NaN, chances: stated.length }
}

const fitted = (series: ReadonlyArray<readonly number[]>): void => {
  for (const values of series) for (const form of forms) fitSmoothing(values, form, true)
}

type Half = { readonly index: number; readonly count: number }

/** One of two threads: warms up, then does its half of each task it is given. */
function half({ index, count }: Half): void {
  const series = madeOf(count, points).filter((_values, place) => place % 2 === index)
  all(series.slice(0, 50))
  fitted(series.slice(0, 50))
  parentPort!.on('message', (what: 'ours' | 'fits') => {
    if (what === 'ours') all(series)
    else fitted(series)
    parentPort!.postMessage('done')
  })
  parentPort!.postMessage('ready')
}

if (!isMainThread && parentPort && workerData?.forecasts) half(workerData.forecasts as Half)

export const forecasts: Figure = {
  name: 'forecasts',
  measure: async (stage: Stage): Promise<Line[]> => {
    const count = stage.short ? 100 : 1000
    const threads = [0, 1].map(
      (index) => new Worker(new URL(import.meta.url), { workerData: { forecasts: { index, count } satisfies Half } }),
    )
    const together = async (what: 'ours' | 'fits') => {
      const done = threads.map((thread) => once(thread, 'message'))
      for (const thread of threads) thread.postMessage(what)
      await Promise.all(done)
    }
    await Promise.all(threads.map((thread) => once(thread, 'message')))
    const { ours, fits } = await inTurns(stage.turns, {
      ours: () => milliseconds(() => together('ours')),
      fits: () => milliseconds(() => together('fits')),
    })
    await Promise.all(threads.map((thread) => thread.terminate()))
    const { share, score, chances } = held(count)
    return [
      {
        name: `forecast, backtest, chance and XmR of ${count.toLocaleString('en')} series of ${points} values, two threads`,
        unit: 'ms',
        ours,
        limit: { name: 'three forms fitted once by likelihood, no backtest, no chance', value: fits },
        target: { text: `≤ ${(2 * count).toLocaleString('en')} ms`, holds: (ms) => ms <= 2 * count },
      },
      {
        name: `values of the year ahead that 80 % ranges held, ${count.toLocaleString('en')} series of 60 months`,
        unit: '%',
        ours: share,
        target: { text: '75 to 85 %', holds: (percent) => percent >= 75 && percent <= 85 },
        note: `${imitations.length} kinds of series; Brier score of ${chances} stated chances ${score.toFixed(3)} (always one half: 0.250)`,
      },
    ]
  },
}
