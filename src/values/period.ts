/**
 * Periods: the one import for days, spans, fiscal calendars and labels. What each part does is described in `day.ts`,
 * `period-calendar.ts` and `period-label.ts`.
 */
export {
  addDays,
  addMonths,
  type Day,
  dayFromNumber,
  dayNumber,
  dayOf,
  daysBetween,
  daysInMonth,
  isDay,
  partsOf,
  weekday,
} from '#kernel/day.ts'
export {
  addPeriods,
  axisOf,
  calendarYears,
  customPeriod,
  duePeriod,
  type FiscalCalendar,
  type Freshness,
  freshness,
  type Grain,
  grainOf,
  grains,
  nextPeriod,
  type Period,
  periodContaining,
  periodFrom,
  previousPeriod,
  yearNamed,
} from './period-calendar.ts'
export {
  formatPeriod,
  formatShortPeriod,
  isPeriod,
  type PeriodOptions,
  type PeriodProblem,
  type PeriodProblemCode,
  parsePeriod,
} from './period-label.ts'
