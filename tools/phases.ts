/**
 * Running the programs behind `npm run check` and `npm test`: in parallel, quietly, with their output kept for
 * failures.
 */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

/** What a program said and how it ended; `output` is standard output and error in the order they came. */
export type Outcome = { code: number; output: string; seconds: number }

/** A file inside an installed package, to be run by this same Node. */
export function packageFile(path: string): string {
  return join(root, 'node_modules', path)
}

/** Runs a script with this Node. `aloud` shows its output as it arrives; otherwise it is only kept. */
export function runNode(
  script: string,
  input: readonly string[] = [],
  { aloud = false, environment = {} }: { aloud?: boolean; environment?: Record<string, string> } = {},
): Promise<Outcome> {
  return run(process.execPath, [script, ...input], { aloud, environment })
}

/** Runs a program in the repository, without standard input. */
export function run(
  program: string,
  input: readonly string[],
  { aloud = false, environment = {} }: { aloud?: boolean; environment?: Record<string, string> } = {},
): Promise<Outcome> {
  const startedAt = performance.now()
  return new Promise((settle) => {
    const child = spawn(program, input, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const parts: string[] = []
    const take = (bytes: Buffer) => {
      parts.push(bytes.toString())
      if (aloud) process.stdout.write(bytes)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const end = (code: number) =>
      settle({ code, output: parts.join('').trimEnd(), seconds: (performance.now() - startedAt) / 1000 })
    child.on('error', (error) => {
      parts.push(String(error))
      end(1)
    })
    child.on('close', (code) => end(code ?? 1))
  })
}
