import { createHash, randomBytes } from 'node:crypto'

/** SHA-256 over salt and canonical value: hides the value, still binds it. */
export const commitment = (salt: string, value: string): string =>
  createHash('sha256').update(salt).update('\u0000').update(value).digest('hex')

/** A salt that nobody guesses: 128 random bits. */
export const newSalt = (): string => randomBytes(16).toString('hex')

/** SHA-256 of a value that is itself a hash with a salt, such as a stored password: binds it, tells nothing about it. */
export const digestOf = (value: string): string => createHash('sha256').update(value).digest('hex')
