import { finding } from '#platform/finding.ts'
import { overdue } from './queries.ts'
import { inspection } from './records.ts'

export const findings = [
  finding(inspection, 'overdue', { presses: 2, found: overdue, act: { verb: 'hold' }, escalates: { afterDays: 30 } }),
]
