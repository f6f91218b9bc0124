/** Every possible caller: nobody, the system, somebody with roles for some organisations and some posts. */
import fc from 'fast-check'
import { type Caller, nobody, roles, systemCaller } from '#platform/caller.ts'
import { someone } from './core.ts'

/**
 * Roles cover some of three organisations or the whole city; posts are some of three. Filled in when a caller is made.
 */
export const anyCaller = (bodies: readonly string[], posts: readonly string[]): fc.Arbitrary<Caller> =>
  fc.oneof(
    fc.constantFrom(nobody, systemCaller, someone()),
    fc
      .record({
        grants: fc.array(
          fc.record({
            role: fc.constantFrom(...roles),
            organisations: fc.option(fc.array(fc.nat(2), { maxLength: 2 })),
          }),
          { maxLength: 3 },
        ),
        posts: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
      })
      .map(({ grants, posts: held }) =>
        someone({
          grants: grants.map(({ role, organisations }) => ({
            role,
            organisations: organisations?.map((at) => bodies[at]!) ?? null,
          })),
          posts: held.map((at) => posts[at]!),
        }),
      ),
  )
