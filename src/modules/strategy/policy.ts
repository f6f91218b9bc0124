import { allow } from '#platform/policy.ts'

const texts = ['strategy.plan', 'strategy.vision', 'strategy.sentence']
const goals = ['strategy.outcome', 'strategy.objective', 'strategy.commitment']
const frames = ['strategy.frame', 'strategy.category']
const verbs = ['adopt', 'end', 'replace', 'agree', 'drop', 'keep', 'miss', 'reopen']

export const policy = [
  allow(
    'administrator',
    ['create', 'change', 'retire', 'publish', ...verbs],
    [...texts, ...goals, ...frames],
    'in their bodies',
  ),
  allow('leader', ['create', 'change', 'retire', 'publish', ...verbs], [...texts, ...goals], 'in their bodies'),
  allow('analyst', ['create', 'change'], [...texts, ...goals, ...frames], 'in their bodies'),
  allow('owner', ['change', 'agree', 'keep', 'miss'], goals, 'they own'),
  allow('contributor', ['change'], goals, 'they own'),
]
