/**
 * The two parts of StratML (ISO 17469): their namespaces and the order of each element's children, taken from the
 * published schemas (Part 1 of April 2014, Part 2 of February and May 2016). A file that deviates is still read; the
 * deviation is reported.
 */

export type Dialect = { readonly part: 1 | 2; readonly root: string; readonly namespace: string }

export const dialects: readonly Dialect[] = [
  { part: 1, root: 'StrategicPlan', namespace: 'urn:ISO:std:iso:17469:tech:xsd:stratml_core' },
  { part: 2, root: 'PerformancePlanOrReport', namespace: 'urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport' },
]

const contact = (part: 1 | 2) => [
  ...(part === 2 ? ['Identifier'] : []),
  'GivenName',
  'Surname',
  'PhoneNumber',
  'EmailAddress',
]
const result = ['StartDate', 'EndDate', 'NumberOfUnits', 'Descriptor', 'Description']

const shared: Readonly<Record<string, readonly string[]>> = {
  StrategicPlanCore: ['Organization', 'Vision', 'Mission', 'Value', 'Goal'],
  Organization: ['Name', 'Acronym', 'Identifier', 'Description', 'Stakeholder'],
  Vision: ['Description', 'Identifier'],
  Mission: ['Description', 'Identifier'],
  Value: ['Name', 'Description'],
  Goal: ['Name', 'Description', 'Identifier', 'SequenceIndicator', 'Stakeholder', 'OtherInformation', 'Objective'],
}

const children: Readonly<Record<1 | 2, Readonly<Record<string, readonly string[]>>>> = {
  1: {
    ...shared,
    StrategicPlan: ['Name', 'Description', 'OtherInformation', 'StrategicPlanCore', 'AdministrativeInformation'],
    Objective: ['Name', 'Description', 'Identifier', 'SequenceIndicator', 'Stakeholder', 'OtherInformation'],
    Stakeholder: ['Name', 'Description'],
    AdministrativeInformation: ['StartDate', 'EndDate', 'PublicationDate', 'Source', 'Submitter'],
    Submitter: contact(1),
  },
  2: {
    ...shared,
    PerformancePlanOrReport: [
      'Name',
      'Description',
      'OtherInformation',
      'StrategicPlanCore',
      'AdministrativeInformation',
      'Submitter',
    ],
    Objective: [
      'Name',
      'Description',
      'Identifier',
      'SequenceIndicator',
      'Stakeholder',
      'OtherInformation',
      'PerformanceIndicator',
    ],
    Stakeholder: ['Name', 'Description', 'Role'],
    Role: ['Name', 'Description', 'RoleType'],
    PerformanceIndicator: [
      'SequenceIndicator',
      'MeasurementDimension',
      'UnitOfMeasurement',
      'Identifier',
      'Relationship',
      'MeasurementInstance',
      'OtherInformation',
    ],
    Relationship: ['Identifier', 'ReferentIdentifier', 'Name', 'Description'],
    MeasurementInstance: ['Place', 'TargetResult', 'ActualResult'],
    Place: ['Name', 'PlaceIdentifier'],
    TargetResult: result,
    ActualResult: result,
    Descriptor: ['DescriptorName', 'DescriptorValue'],
    AdministrativeInformation: ['Identifier', 'StartDate', 'EndDate', 'PublicationDate', 'Source'],
    Submitter: contact(2),
  },
}

const attributes: Readonly<Record<string, readonly string[]>> = {
  PerformancePlanOrReport: ['Type'],
  Stakeholder: ['StakeholderTypeType'],
  PerformanceIndicator: ['ValueChainStage', 'PerformanceIndicatorType'],
  Relationship: ['RelationshipType'],
}

export type SchemaDeviation = 'unknown-element' | 'order' | 'unknown-attribute'

/** What is wrong with a child of an element where `seen` are those before it; nothing if it fits. */
export function departureOf(
  part: 1 | 2,
  parent: string,
  child: string,
  last: string | undefined,
): SchemaDeviation | null {
  const known = children[part][parent] ?? []
  if (!known.includes(child)) return 'unknown-element'
  return last !== undefined && known.includes(last) && known.indexOf(child) < known.indexOf(last) ? 'order' : null
}

/** Attributes that the element does not have. */
export const unknownAttributes = (element: string, given: readonly string[]): readonly string[] =>
  given.filter((name) => !name.includes(':') && !(attributes[element] ?? []).includes(name))

/** `xsd:ID`: a name that begins with a letter or an underscore (NCName). */
export const isXmlId = (text: string): boolean => /^[\p{L}_][\p{L}\p{N}._·-]*$/u.test(text)
