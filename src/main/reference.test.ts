import { expect, test } from 'vitest'
import { referenceCommand } from './commands/reference.ts'

test('the reference pages of record kinds say what the declarations say', async () => {
  const told: string[] = []
  const io = {
    app: () => Promise.reject(new Error('needs no database')),
    out: (text: string) => told.push(text),
    err: (text: string) => told.push(text),
  }
  expect(await referenceCommand.run(['--check'], io), told.join('\n')).toBe(0)
})
