import { allow, apartFrom } from '#platform/policy.ts'

const benefit = ['benefits.benefit']
const chain = ['benefits.change', 'benefits.enabler', 'benefits.review']
const framework = ['benefits.framework']
const planRows = ['rows.path', 'rows.budget', 'rows.claim', 'rows.forecast']
const resultRows = ['rows.result', 'rows.forecast', 'rows.adoption']
const steps = ['begin', 'part-realize', 'miss', 'dispute', 'drop', 'reopen']
const changeSteps = ['begin', 'adopt', 'finish', 'hold', 'settle', 'drop', 'reopen', 'rows.adoption']

/** Whoever answers for a benefit, before and after hand-over, or leads what brings it about. */
const interested = ['owner', 'deliveredBy', 'receivingPost']

export const policy = [
  allow(
    'administrator',
    ['create', 'change', 'retire', 'publish', 'agree', ...steps, ...planRows, ...resultRows],
    benefit,
    'in their bodies',
  ),
  allow(
    'leader',
    ['create', 'change', 'retire', 'publish', 'agree', ...steps, ...planRows, ...resultRows],
    benefit,
    'in their bodies',
  ),
  allow('analyst', ['create', 'change', ...planRows, ...resultRows], benefit, 'in their bodies'),
  allow('owner', ['change', 'agree', ...steps, ...planRows, ...resultRows], benefit, 'they own'),
  allow('contributor', ['change', ...resultRows], benefit, 'they own'),
  // The receiving service signs for itself; nobody signs in its place.
  allow('anyone signed in', ['hand-over', 'rows.result', 'rows.forecast'], benefit, { namedIn: 'receivingPost' }),
  // Realized and sustained are validated by others than those who answer for the benefit or bring it about.
  ...(['administrator', 'leader', 'reviewer', 'finance'] as const).map((role) =>
    apartFrom(interested, allow(role, ['realize', 'sustain'], benefit, 'in their bodies')),
  ),
  // Whoever checks may dispute; a dispute is settled by others than those it is about.
  ...(['reviewer', 'finance'] as const).map((role) => allow(role, ['dispute'], benefit, 'in their bodies')),
  ...(['administrator', 'leader'] as const).map((role) =>
    apartFrom(interested, allow(role, ['settle'], benefit, 'in their bodies')),
  ),
  // Cashed is what finance found in the budget, and finance is neither the owner nor the project.
  apartFrom(interested, allow('finance', ['rows.confirmation'], benefit, 'in their bodies')),

  allow('administrator', ['create', 'change', 'retire', 'publish', 'agree', ...changeSteps], chain, 'in their bodies'),
  allow('leader', ['create', 'change', 'retire', 'publish', 'agree', ...changeSteps], chain, 'in their bodies'),
  allow('analyst', ['create', 'change', 'hold', 'rows.adoption'], chain, 'in their bodies'),
  allow('owner', ['change', 'agree', ...changeSteps], chain, 'they own'),
  allow('contributor', ['change', 'rows.adoption'], chain, 'they own'),

  allow('administrator', ['create', 'change', 'retire', 'publish', 'adopt', 'replace'], framework, 'in their bodies'),
  allow('leader', ['create', 'change', 'retire', 'publish', 'adopt', 'replace'], framework, 'in their bodies'),
  allow('analyst', ['create', 'change'], framework, 'in their bodies'),
]
