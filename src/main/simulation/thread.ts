/** One thread of the pool: draws batches and reads rows of its plan as long as there are any. */
import { parentPort } from 'node:worker_threads'
import { type CompiledPlan, compilePlanSimulation } from '#analysis/simulation/plan.ts'
import { openSums, type PlanDraws, planBatches, type Sums } from '#analysis/simulation/plan-draws.ts'
import { readRow } from '#analysis/simulation/plan-result.ts'
import type { FromThread, ToThread } from './messages.ts'

const port = parentPort!
const say = (message: FromThread) => port.postMessage(message)

type Opened = {
  readonly compiled: CompiledPlan
  readonly drawn: PlanDraws
  readonly next: Int32Array
  readonly sums: Sums
  readonly run: (batch: number) => void
}
let opened: Opened | undefined

function open({ input, drawn, next }: Extract<ToThread, { do: 'open' }>): Opened {
  const compiled = compilePlanSimulation(input)
  // The pool has already compiled the same input.
  if ('problem' in compiled) throw new Error(compiled.problem)
  const sums = openSums(drawn)
  return { compiled, drawn, next, sums, run: planBatches(compiled, drawn, sums) }
}

port.on('message', (message: ToThread) => {
  try {
    if (message.do === 'open') {
      opened = open(message)
      return
    }
    const { compiled, drawn, next, sums, run } = opened!
    if (message.do === 'draw') {
      for (let batch = Atomics.add(next, 0, 1); batch < message.until; batch = Atomics.add(next, 0, 1)) {
        run(batch)
        say({ done: 'batch' })
      }
      say({ done: 'draw' })
      return
    }
    const count = compiled.plan.activities.length
    for (let activity = Atomics.add(next, 0, 1); activity < count; activity = Atomics.add(next, 0, 1))
      readRow(compiled, drawn, message.draws, activity, message.rows)
    say({ done: 'read', sums })
    opened = undefined
  } catch (error) {
    say({ done: 'failed', message: (error as Error).message })
  }
})
