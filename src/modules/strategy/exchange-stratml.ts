/** StratML (ISO 17469): strategic plans, and performance plans and reports. */
import type { Format } from '#platform/exchange/index.ts'
import { readStratml } from './exchange-stratml-read.ts'
import { writeStratml } from './exchange-stratml-write.ts'

export const stratmlFormat: Format = {
  name: 'stratml',
  extension: 'xml',
  mediaType: 'application/xml; charset=utf-8',
  holds: ['plan'],
  write: writeStratml,
  // Any XML but a web page: an unknown dialect is reported rather than mistaken for a table.
  recognises: (head) => /^[\ufeff\ufffd]*\s*<(?!html|!doctype html)/i.test(head),
  read: readStratml,
}
