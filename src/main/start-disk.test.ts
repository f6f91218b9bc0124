import { expect, test } from 'vitest'
import { fullDisk } from './start.ts'

const coded = (message: string, code?: string, cause?: Error) => Object.assign(new Error(message, { cause }), { code })

test.each([
  ['the system', coded('write', 'ENOSPC')],
  ['a quota', coded('write', 'EDQUOT')],
  ['the database', coded('could not extend file: No space left on device', '53100')],
  ['the database, only in words', coded('could not write to file "pg_wal/x": No space left on device', '58030')],
  ['something deeper', coded('a migration failed', 'P0001', coded('write', 'ENOSPC'))],
])('a disk that is full, as %s says it, is one line with what to do', (_who, error) => {
  const { message = '', exitCode } = fullDisk(error) ?? {}
  expect(message).toMatch(/is full: make room on it, or choose another place/)
  expect(message).not.toContain('\n')
  expect(exitCode).toBe(74)
})

test('anything else is not taken for it', () => expect(fullDisk(coded('refused', 'ECONNREFUSED'))).toBeUndefined())
