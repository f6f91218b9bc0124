/** The door of backup and restore. */
export { openArchive } from './archive.ts'
export { backup } from './backup.ts'
export { RestoreRefused, restore } from './restore.ts'
