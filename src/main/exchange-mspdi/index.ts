/**
 * Microsoft Project's XML format (MSPDI), in and out, on pieces of text; opening files is left to callers. It stands in the
 * composition because it knows both documents and the mathematics of schedules, and no room has plans of work yet: only the
 * command line uses it.
 *
 *   const reader = readXml()                      // feed it text as it comes
 *   reader.write(chunk) …
 *   const document = reader.end()                 // keeps everything, also what is not understood here
 *   const { read, problems } = readMspdi(document)
 *   writeXml(document)                            // the same again
 *   writeXml(withSchedule(document, read, schedule(read.plan)))   // with our dates in place of the old ones
 */
export { readMspdi } from './read-plan.ts'
export { mspdiOf, withSchedule } from './write-plan.ts'
export { readXml, writeXml, type XmlElement, XmlProblem } from './xml-tree.ts'
