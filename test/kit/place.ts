import { accessSync, constants, readFileSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

const memory = '/dev/shm'
/** All databases of tests together stay under 1 GB; the rest is left to others who use this memory. */
const roomBytes = 4 * 1024 ** 3

/**
 * Where test databases are kept: in memory if there is room and programs may run there, otherwise with the temporary
 * files. A database is more than a thousand files, and on ext4 without a journal creating them soon after deleting
 * others takes longer than the tests (measured with those of the ledger: 9.7 s in the kernel, 2.1 s in memory).
 */
export function databasePlace(): string {
  try {
    const options = /^\S+ \/dev\/shm \S+ (\S+)/m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1]?.split(',')
    accessSync(memory, constants.W_OK)
    const { bavail, bsize } = statfsSync(memory)
    return options && !options.includes('noexec') && bavail * bsize >= roomBytes ? memory : tmpdir()
  } catch {
    return tmpdir()
  }
}
