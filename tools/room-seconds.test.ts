import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { roomsInWords, secondsByRoom } from './room-seconds.ts'

test('a room takes what its files take and its share of the sweep; one that takes too long is marked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seconds-'))
  try {
    const file = join(folder, 'report.json')
    const share = (room: string, duration: number) => ({ ancestorTitles: [`room ${room}`], duration })
    const testResults = [
      { name: '/x/src/modules/benefits/map.db.test.ts', startTime: 1000, endTime: 3000, assertionResults: [] },
      { name: '/x/src/modules/benefits/rules.test.ts', startTime: 0, endTime: 500, assertionResults: [] },
      { name: '/x/src/kernel/record.test.ts', startTime: 0, endTime: 9000, assertionResults: [] },
      {
        name: '/x/src/main/page-sweep.db.test.ts',
        startTime: 0,
        endTime: 40_000,
        assertionResults: [share('benefits', 1500), share('strategy', 60_000), share('strategy', 3200)],
      },
    ]
    writeFileSync(file, JSON.stringify({ testResults }))
    expect([...secondsByRoom(file, 2)]).toEqual([
      ['strategy', 31.6],
      ['benefits', 2],
    ])
    expect(roomsInWords(secondsByRoom(file, 2))).toBe('strategy 32 s (more than 30), benefits 2 s')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
