/**
 * The beginning of untrusted text, safe for a report: no unpaired surrogate, no character that the database refuses.
 */
export const safeExcerpt = (text: string, most = 80): string =>
  text.slice(0, most).replaceAll('\u0000', '').toWellFormed()
