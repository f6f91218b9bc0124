/**
 * A reason why the program cannot start, written for the person at the keyboard.
 *
 * `code` is stable (`database.unreachable`), `message` is one line that says what is wrong and how to fix it, and
 * `exitCode` follows sysexits(3): 69 something needed is unavailable, 75 try again later, 77 not permitted, 78 wrong
 * configuration. Whoever catches it prints the message alone, without a stack.
 */
export class StartProblem extends Error {
  override readonly name = 'StartProblem'
  readonly code: string
  readonly exitCode: number

  constructor(code: string, message: string, exitCode = 78, options?: ErrorOptions) {
    super(message.replace(/\s*\n\s*/g, ' '), options)
    this.code = code
    this.exitCode = exitCode
  }
}

/** The system's error code (`ENOENT`) or PostgreSQL's SQLSTATE (`28P01`) of a thrown value, if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? code : undefined
}

/** What a thrown value says, for use inside a longer sentence. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorText(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
