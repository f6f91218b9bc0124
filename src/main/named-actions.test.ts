import { expect, test } from 'vitest'
import type { Act } from '#platform/finding.ts'
import { allow } from '#platform/policy.ts'
import { trees } from '../../test/guide/trees/module.ts'
import { modules } from './modules.ts'
import { checkNamedActions } from './named-actions.ts'

const withAct = (act: Act) => ({ ...trees, findings: [{ ...trees.findings![0]!, act }] })
const withActions = (...actions: string[]) => ({
  ...trees,
  policy: [allow('owner', actions, ['trees.tree', 'trees.inspection'], 'they own')],
})

test('every room names actions that there are', () => {
  expect(() => checkNamedActions([...modules, trees])).not.toThrow()
})

test.each([
  [
    'a policy whose verb no kind has',
    withActions('change', 'plnat'),
    'A policy of trees.tree, trees.inspection names "plnat", which trees.tree, trees.inspection has not; there is plant, fell, rows.girth, hold.',
  ],
  ['a policy whose rows no kind has', withActions('rows.grith'), 'names "rows.grith"'],
  ['a finding that a verb of another kind ends', withAct({ verb: 'fell' }), 'trees.overdue names "fell"'],
  ['a finding that one of several verbs ends', withAct({ verb: ['hold', 'holt'] }), 'trees.overdue names "holt"'],
  ['a finding that missing rows end', withAct({ rows: 'girth' }), 'trees.overdue names "girth"'],
  ['a finding that a missing field ends', withAct({ edit: 'dueDay' }), 'trees.overdue names "dueDay"'],
  ['a finding whose page asks for a missing right', withAct({ page: () => '/', may: 'look' }), 'names "look"'],
])('%s is refused by name', (_what, room, refusal) => {
  expect(() => checkNamedActions([room])).toThrow(refusal)
})

test('a verb may be one of several kinds, and a subject need not be a record', () => {
  expect(() => checkNamedActions([withActions('plant', 'hold', 'rows.girth', 'create')])).not.toThrow()
  const policy = [allow('administrator', ['look-into'], ['trees.log'], 'everywhere')]
  expect(() => checkNamedActions([{ ...trees, policy }])).not.toThrow()
})
