/**
 * Merged cells come after the rows in a sheet, but the names of columns need them first. So the end of the part is
 * read first: its bytes are inflated and skipped until the rows end, which costs a tenth of reading them.
 */
import { type Range, rangeOf } from './address.ts'
import type { Archive } from './archive.ts'
import { tooMuch } from './faults.ts'
import type { WorkbookLimits } from './limits.ts'

const mergePattern = /<(?:\w+:)?mergeCell\s[^<>]*?\bref=["']([^"']{1,40})["']/g

/** The merged ranges of a sheet from the top down. */
export async function readMerges(
  archive: Archive,
  part: string,
  name: string,
  limits: WorkbookLimits,
): Promise<Range[]> {
  const found: Range[] = []
  let behind = false
  let kept = ''
  for await (const chunk of archive.read(part)) {
    // Names and references are ASCII in every encoding but UTF-16, whose sheets have their merged cells ignored.
    kept += chunk.toString('latin1')
    if (!behind) {
      const at = endAt(kept)
      behind = at >= 0
      kept = behind ? kept.slice(at) : kept.slice(-32)
    }
    if (!behind) continue
    for (const [, reference] of kept.matchAll(mergePattern)) {
      const range = rangeOf(reference!)
      if (!range || range.bottom < range.top || range.right < range.left) continue
      if (found.length >= limits.merges) throw tooMuch('merges', limits.merges, name)
      found.push(range)
    }
    // A tag cut off by the end of the chunk continues in the next.
    const last = kept.lastIndexOf('<')
    kept = last >= 0 && !kept.includes('>', last) ? kept.slice(last, last + 500) : ''
  }
  return found.sort((left, right) => left.top - right.top)
}

/** Where the rows end in the text: after `</sheetData>` or `<sheetData/>`; -1 if they continue. */
function endAt(text: string): number {
  const match = /<\/(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*\/>/.exec(text)
  return match ? match.index + match[0].length : -1
}
