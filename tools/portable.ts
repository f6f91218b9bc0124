/**
 * Database tests that run on every PostgreSQL, including the system's in `.ci/run`: the platform's, each room's share
 * of the page sweep, and the test file named after each room. Together they send four out of five of the statements
 * that all tests send to the rooms' tables (measured: 897 of 1,112), in two fifths of the time.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './phases.ts'

const rooms = readdirSync(join(root, 'src/modules')).filter((room) =>
  existsSync(join(root, `src/modules/${room}/module.ts`)),
)
const testOf = (room: string) => `src/modules/${room}/${room}.db.test.ts`

/** Path prefixes of the tests. */
export const portableTests = (): string[] => [
  'src/platform/',
  'test/kit/',
  'src/main/page-sweep.db.test.ts',
  ...rooms.map(testOf),
]

/** Rooms that would never be tested on another PostgreSQL. */
export const roomsWithoutPortableTest = (): string[] =>
  rooms
    .filter((room) => !existsSync(join(root, testOf(room))))
    .map(
      (room) =>
        `src/modules/${room}: has no ${room}.db.test.ts, the one that also runs on the PostgreSQL of the system: give this name to the test that reads and writes most of its tables`,
    )
