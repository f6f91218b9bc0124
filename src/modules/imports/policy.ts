import { allow } from '#platform/policy.ts'

/**
 * Who may create a run, that is, import a file: whoever maintains figures. What the file may write is checked per
 * record.
 */
const runs = ['imports.run']

export const policy = [
  allow('administrator', ['create'], runs, 'in their bodies'),
  allow('analyst', ['create'], runs, 'in their bodies'),
  allow('owner', ['create'], runs, 'they own'),
  allow('contributor', ['create'], runs, 'in their bodies'),
]
