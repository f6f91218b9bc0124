/** Why a process ends from outside: a signal, or whoever started it is gone. */

/** Ctrl-C, a stop by a supervisor or container, a terminal that is closed. */
export const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How often a process started by npm looks whether npm is still there, in milliseconds. */
const lookMs = 500

/**
 * Calls `end` when this process should end. npm hands signals to its child only as long as it lives: after kill -9 of npm (or
 * of the shell between) the child has another parent, and ends too. A program started without npm may outlive its
 * shell, as after `nohup … &`. Returns how to stop listening.
 */
export function onEnding(end: () => void): () => void {
  for (const signal of endSignals) process.on(signal, end)
  const forget = () => {
    for (const signal of endSignals) process.removeListener(signal, end)
  }
  if (!process.env.npm_lifecycle_event) return forget
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    end()
  }, lookMs)
  timer.unref()
  return () => {
    forget()
    clearInterval(timer)
  }
}

/**
 * A reader of our output that goes away (`| head`, a closed terminal, a log collector that restarts) or a full disk under
 * a log file costs lines, never the program.
 */
export function outlivesItsReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

/** Ends the process after so long, whatever it still waits for. */
export function endWithin(ms: number, code: number): void {
  setTimeout(() => process.exit(code), ms).unref()
}
