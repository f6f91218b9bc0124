/** Runs in a thread of its own: places one map after the other. */
import { parentPort } from 'node:worker_threads'
import type { LayoutGraph } from './graph.ts'
import { placeLayered } from './layered.ts'

parentPort?.on('message', (graph: LayoutGraph) => {
  parentPort!.postMessage(placeLayered(graph))
})
