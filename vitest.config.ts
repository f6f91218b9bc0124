import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { ChangedFirst } from './test/kit/changed.ts'

/**
 * Two projects. `unit` needs nothing but Node; `modules` holds what needs PostgreSQL (`*.db.test.ts`), so that it can run
 * again against another server: `DATABASE_URL=… npx vitest run --project modules`. Files share their worker (starting one
 * costs 0.2 s a file): keep tests free of state at module level, or key it by the database. There are as many workers as
 * cores, because a worker waits half of its time for the database.
 */
const databaseTests = '**/*.db.test.{ts,tsx}'

export default defineConfig({
  test: {
    pool: 'threads',
    isolate: false,
    maxWorkers: availableParallelism(),
    sequence: { sequencer: ChangedFirst },
    passWithNoTests: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,test,tools}/**/*.test.{ts,tsx}'],
          exclude: [databaseTests],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'modules',
          include: [`{src,test}/${databaseTests}`],
          globalSetup: './test/kit/database.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
