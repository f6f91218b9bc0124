import { allow } from '#platform/policy.ts'

/** Who may make a run, that is, bring a file in: whoever keeps figures. What the file may write is asked of each record. */
const runs = ['imports.run']

export const policy = [
  allow('administrator', ['create'], runs, 'in their bodies'),
  allow('analyst', ['create'], runs, 'in their bodies'),
  allow('owner', ['create'], runs, 'they own'),
  allow('contributor', ['create'], runs, 'in their bodies'),
]
