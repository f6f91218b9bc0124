/** The door of figures: what rooms declare them with, and what pages, jobs and interfaces read. */
export { checkFigures } from './declared.ts'
export { listedCount, listedShare } from './listed.ts'
export {
  type Attempt,
  figureJob,
  figureSubscriber,
  lastPosition,
  measureFigure,
  measureFigures,
} from './measure.ts'
export {
  type FigureResult,
  figureHistory,
  lastTwelveMonths,
  latestResults,
  type Reading,
  readingOf,
  recentResults,
} from './results.ts'
