import { allow, separationOfDuties, signedBy } from '#platform/policy.ts'
import { benefit as declared } from './records.ts'

const benefit = ['benefits.benefit']
const chain = ['benefits.change', 'benefits.enabler', 'benefits.review']
const framework = ['benefits.framework']
const planRows = ['rows.path', 'rows.budget', 'rows.claim', 'rows.forecast']
const resultRows = ['rows.result', 'rows.forecast']
const steps = ['begin', 'part-realize', 'miss', 'dispute', 'drop', 'reopen']
const changeSteps = ['begin', 'adopt', 'finish', 'hold', 'settle', 'drop', 'reopen', 'rows.adoption']

/** Whoever is responsible for a benefit, before and after hand-over, or leads what brings it about. */
const interested = ['owner', 'deliveredBy', 'receivingPost']

/** The basis of a validation is written only by the validating step, never by an edit. */
const validated = ['validation', 'sustainedBecause']
const common = ['title', 'state', 'organisation', 'owner', 'audience', 'retiredAt', 'links', 'externalIds']
const fieldsBut = (left: readonly string[]): string[] => [
  ...common,
  ...Object.keys(declared.fields).filter((name) => !left.includes(name)),
]

export const policy = [
  ...(['administrator', 'leader', 'analyst'] as const).flatMap((role) => [
    allow(role, ['create'], benefit, 'in their bodies', fieldsBut([...validated, 'handedOverOn'])),
    allow(role, ['change'], benefit, 'in their bodies', fieldsBut(validated)),
  ]),
  allow(
    'administrator',
    ['retire', 'publish', 'agree', ...steps, ...planRows, ...resultRows],
    benefit,
    'in their bodies',
  ),
  allow('leader', ['retire', 'publish', 'agree', ...steps, ...planRows, ...resultRows], benefit, 'in their bodies'),
  allow('analyst', [...planRows, ...resultRows], benefit, 'in their bodies'),
  ...(['owner', 'contributor'] as const).map((role) =>
    allow(role, ['change'], benefit, 'they own', fieldsBut(validated)),
  ),
  allow('owner', ['agree', ...steps, ...planRows, ...resultRows], benefit, 'they own'),
  allow('contributor', resultRows, benefit, 'they own'),
  // The receiving service signs for itself; nobody signs on its behalf.
  separationOfDuties(['deliveredBy'], allow('anyone signed in', ['hand-over'], benefit, { namedIn: 'receivingPost' })),
  allow('anyone signed in', ['rows.result', 'rows.forecast'], benefit, { namedIn: 'receivingPost' }),
  // Realized and sustained are validated by people other than those responsible for the benefit or for bringing it
  // about.
  ...(['administrator', 'leader', 'reviewer', 'finance'] as const).map((role) =>
    separationOfDuties(interested, allow(role, ['realize', 'sustain'], benefit, 'in their bodies')),
  ),
  // Whoever checks may dispute; a dispute is settled by people other than those it concerns.
  ...(['reviewer', 'finance'] as const).map((role) => allow(role, ['dispute'], benefit, 'in their bodies')),
  ...(['administrator', 'leader'] as const).map((role) =>
    separationOfDuties(interested, allow(role, ['settle'], benefit, 'in their bodies')),
  ),
  // Cashed is what finance found in the budget, and finance is neither the owner nor the project.
  signedBy('post', separationOfDuties(interested, allow('finance', ['rows.confirmation'], benefit, 'in their bodies'))),

  allow('administrator', ['create', 'change', 'retire', 'publish', 'agree', ...changeSteps], chain, 'in their bodies'),
  allow('leader', ['create', 'change', 'retire', 'publish', 'agree', ...changeSteps], chain, 'in their bodies'),
  allow('analyst', ['create', 'change', 'hold', 'rows.adoption'], chain, 'in their bodies'),
  allow('owner', ['change', 'agree', ...changeSteps], chain, 'they own'),
  // Whoever answers for a benefit reviews it when it falls below its path, and signs the review with their post.
  allow('owner', ['create'], ['benefits.review'], 'they own'),
  allow('contributor', ['change', 'rows.adoption'], chain, 'they own'),

  // The city's thresholds are set by those who act for the whole city.
  ...(['administrator', 'leader'] as const).flatMap((role) => [
    allow(role, ['create', 'change', 'retire', 'publish'], framework, 'in their bodies'),
    allow(role, ['adopt', 'replace'], framework, 'everywhere'),
  ]),
  allow('analyst', ['create', 'change'], framework, 'in their bodies'),
]
