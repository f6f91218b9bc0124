/** The beginning of what a stranger wrote, as it may stand in a report: no half of a pair, no sign that a database refuses. */
export const shown = (text: string, most = 80): string => text.slice(0, most).replaceAll('\u0000', '').toWellFormed()
