import { expect, test } from 'vitest'
import { referenceCommand } from './commands/reference.ts'

test('the reference pages of record kinds say what the declarations say', async () => {
  const reported: string[] = []
  const io = {
    app: () => Promise.reject(new Error('needs no database')),
    out: (text: string) => reported.push(text),
    err: (text: string) => reported.push(text),
  }
  expect(await referenceCommand.run(['--check'], io), reported.join('\n')).toBe(0)
})
