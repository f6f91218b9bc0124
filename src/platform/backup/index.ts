/** The door of backup and restore. */
export { backup } from './backup.ts'
export { RestoreRefused, restore } from './restore.ts'
