import { expect, it } from 'vitest'
import { type LogLevel, levelOf, openLog } from './log.ts'

const gathering = (level: LogLevel) => {
  const written: string[] = []
  const log = openLog({ level, write: (lines) => written.push(lines), now: () => new Date('2026-03-01T09:00:00Z') })
  return {
    log,
    lines: () => {
      log.flush()
      const all = written.join('').split('\n')
      return all.filter(Boolean).map((line) => JSON.parse(line))
    },
  }
}

it('writes one JSON line for each event', () => {
  const { log, lines } = gathering('info')
  log.info({ id: 'a', status: 200 }, 'request')
  log.warn({}, 'two\nlines')
  expect(lines()).toEqual([
    { time: '2026-03-01T09:00:00.000Z', level: 'info', message: 'request', id: 'a', status: 200 },
    { time: '2026-03-01T09:00:00.000Z', level: 'warn', message: 'two\nlines' },
  ])
})

it('leaves out what is below its level', () => {
  const { log, lines } = gathering('error')
  log.info({}, 'a')
  log.warn({}, 'b')
  log.error({}, 'c')
  expect(lines().map((line) => line.message)).toEqual(['c'])
  const silent = gathering('silent')
  silent.log.error({}, 'd')
  expect(silent.lines()).toEqual([])
})

it('writes errors at once, in their order', () => {
  const written: string[] = []
  const log = openLog({ write: (lines) => written.push(lines) })
  log.info({}, 'first')
  expect(written).toEqual([])
  log.error({}, 'second')
  expect(written.join('').match(/first|second/g)).toEqual(['first', 'second'])
})

it('survives facts that are no JSON', () => {
  const { log, lines } = gathering('info')
  const round: Record<string, unknown> = {}
  round.round = round
  log.info({ round, big: 10n }, 'odd')
  expect(lines()).toMatchObject([{ message: 'odd', big: '10' }])
})

it('refuses a level nobody knows', () => {
  expect(levelOf(undefined)).toBe('info')
  expect(levelOf('WARN')).toBe('warn')
  expect(() => levelOf('loud')).toThrow('LOG is "loud", and must be one of silent, error, warn, info.')
})
