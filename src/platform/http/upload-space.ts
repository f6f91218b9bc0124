/** How much may wait in temporary files: for each caller and for all together, counted as it arrives. */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '#kernel/problem.ts'

export type UploadSpace = {
  /** Room for some bytes of a caller that have arrived. @throws Problem `http.too-much-uploaded`, `http.no-space-for-uploads` */
  readonly take: (caller: string, bytes: number) => void
  /** Gives it back once the files are gone. */
  readonly giveBack: (caller: string, bytes: number) => void
}

/** Bytes for one caller, and for all. */
export const uploadSpaceLimits = { caller: 600_000_000, all: 2_000_000_000 }

export function createUploadSpace(limits: { caller: number; all: number } = uploadSpaceLimits): UploadSpace {
  const taken = new Map<string, number>()
  let all = 0
  return {
    take: (caller, bytes) => {
      const own = (taken.get(caller) ?? 0) + bytes
      if (own > limits.caller) throw new Problem('Invalid', 'http.too-much-uploaded', { status: 413 })
      if (all + bytes > limits.all) throw new Problem('Unavailable', 'http.no-space-for-uploads')
      taken.set(caller, own)
      all += bytes
    },
    giveBack: (caller, bytes) => {
      const rest = (taken.get(caller) ?? 0) - bytes
      if (rest > 0) taken.set(caller, rest)
      else taken.delete(caller)
      all = Math.max(0, all - bytes)
    },
  }
}

export const uploadFolderPrefix = 'commonweal-upload-'
/** No upload takes longer: what is older was left by a process that was killed. */
const leftAfterMs = 3_600_000

/** Removes folders of uploads that a killed process left behind; returns how many. */
export function sweepUploads(folder: string, now = Date.now()): number {
  let swept = 0
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(uploadFolderPrefix)) continue
    const path = join(folder, name)
    try {
      if (now - statSync(path).mtimeMs < leftAfterMs) continue
      rmSync(path, { recursive: true, force: true })
      swept += 1
    } catch {
      // Somebody else's, or gone in the meantime.
    }
  }
  return swept
}
