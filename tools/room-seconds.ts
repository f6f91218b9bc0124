/** What each room's tests add to a run, including its share of the page sweep, so that a heavy room is noticed. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** What a room may add to the tests, on two otherwise idle cores. */
export const maxRoomSeconds = 30

type Report = {
  testResults: {
    name: string
    startTime: number
    endTime: number
    assertionResults: { ancestorTitles: string[]; duration?: number | null }[]
  }[]
}

/** Seconds by room, the longest first, read from a report of Vitest; the workers of a run share the work. */
export function secondsByRoom(file: string, workers = availableParallelism()): Map<string, number> {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Report
  const seconds = new Map<string, number>()
  const add = (room: string | undefined, milliseconds: number) => {
    if (room !== undefined) seconds.set(room, (seconds.get(room) ?? 0) + milliseconds / 1000 / workers)
  }
  for (const { name, startTime, endTime, assertionResults } of testResults) {
    add(/(?:^|\/)src\/modules\/([^/]+)\//.exec(name)?.[1], endTime - startTime)
    for (const { ancestorTitles, duration } of assertionResults)
      add(/^room (.+)$/.exec(ancestorTitles.at(-1) ?? '')?.[1], duration ?? 0)
  }
  return new Map([...seconds].sort((one, other) => other[1] - one[1]))
}

/** 'benefits 9 s, strategy 7 s', with a mark where it is more than a room may take. */
export const roomsInWords = (seconds: ReadonlyMap<string, number>): string =>
  [...seconds]
    .map(
      ([room, each]) => `${room} ${each.toFixed(0)} s${each > maxRoomSeconds ? ` (more than ${maxRoomSeconds})` : ''}`,
    )
    .join(', ')
