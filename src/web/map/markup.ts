/** Writing SVG as text: everything that people wrote passes `escaped`. */

export type Writing = { readonly direction: 'ltr' | 'rtl' }

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!)

/** ` name="value"` for each that has a value. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  let text = ''
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) text += ` ${name}="${typeof value === 'number' ? value : escaped(value)}"`
  return text
}
