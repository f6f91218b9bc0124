/**
 * Database tests that run on every PostgreSQL, also on the one of the system in `.ci/run`: those of the platform, each room's
 * share of the page sweep, and of each room the file that is named after it. Together they send four of five statements that
 * all tests send to the tables of rooms (measured: 897 of 1,112), in a third of the time.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './phases.ts'

const rooms = readdirSync(join(root, 'src/modules')).filter((room) =>
  existsSync(join(root, `src/modules/${room}/module.ts`)),
)
const testOf = (room: string) => `src/modules/${room}/${room}.db.test.ts`

/** Beginnings of the paths of the tests. */
export const portableTests = (): string[] => [
  'src/platform/',
  'test/kit/',
  'src/main/page-sweep.db.test.ts',
  ...rooms.map(testOf),
]

/** Rooms that would never meet another PostgreSQL. */
export const roomsWithoutPortableTest = (): string[] =>
  rooms
    .filter((room) => !existsSync(join(root, testOf(room))))
    .map(
      (room) =>
        `src/modules/${room}: has no ${room}.db.test.ts, the one that also runs on the PostgreSQL of the system: give this name to the test that reads and writes most of its tables`,
    )
