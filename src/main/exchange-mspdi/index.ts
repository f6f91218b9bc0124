/**
 * Microsoft Project's XML format (MSPDI), in and out, as an exchange format between documents and plans. It is part of
 * the composition because it knows both the machinery (XML) and the mathematics (calendars, schedules), and no room has
 * work plans yet: only the command line uses it.
 *
 *   const reader = xmlTree()                      // feed it text as it comes
 *   reader.write(chunk) …
 *   const document = reader.end()                 // keeps everything, also what is not understood here
 *   const { read, problems } = readMspdi(document)
 *   writeXml(document)                            // the same again
 *   writeXml(withSchedule(document, read, schedule(read.plan)))   // with our dates in place of the old ones
 */
export { readMspdi } from './read-plan.ts'
export { mspdiOf, withSchedule } from './write-plan.ts'
