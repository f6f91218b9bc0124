/** Reads the tags of a page for its tests: good enough for markup that we wrote ourselves, without a browser. */
export type Tag = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>> /** The text up to its end, without tags. */
  readonly text: string
}

const empty = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/

export function tagsOf(html: string): Tag[] {
  const found: Tag[] = []
  for (const match of html.matchAll(/<([a-z][a-z0-9]*)((?:\s+[^\s=>/]+(?:="[^"]*")?)*)\s*\/?>/gi)) {
    const name = match[1]!.toLowerCase()
    const attributes: Record<string, string> = {}
    for (const attribute of match[2]!.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)) {
      attributes[attribute[1]!] = unescaped(attribute[2] ?? '')
    }
    found.push({ name, attributes, text: empty.test(name) ? '' : textFrom(html, match.index + match[0].length, name) })
  }
  return found
}

function textFrom(html: string, start: number, name: string): string {
  const tag = new RegExp(`<(/?)${name}\\b[^>]*>`, 'gi')
  tag.lastIndex = start
  let depth = 1
  for (let match = tag.exec(html); match; match = tag.exec(html)) {
    depth += match[1] ? -1 : 1
    if (depth === 0) return unescaped(html.slice(start, match.index).replace(/<[^>]*>/g, ''))
  }
  return ''
}

const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
