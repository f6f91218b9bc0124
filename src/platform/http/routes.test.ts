import { expect, it } from 'vitest'
import { composeRegistry } from '#test/kit/registry.ts'
import type { PagePolicy } from '../page.ts'
import { checkRoutes, type KnownRoute, methodsAt } from './routes.ts'

const route = (method: string, path: string, policy?: PagePolicy): KnownRoute => ({
  method,
  path,
  policy,
  kind: undefined,
  does: undefined,
  schema: undefined,
})
const house = composeRegistry()

it('names every endpoint without a policy, or with one that nobody could fulfil', () => {
  const routes = [
    route('GET', '/fine', 'anyone'),
    route('GET', '/also-fine', { can: 'read', kind: 'strategy.outcome' }),
    route('POST', '/forgotten'),
    route('POST', '/unknown-kind', { can: 'change', kind: 'strategy.dream' }),
    route('POST', '/uncovered', { can: 'juggle', kind: 'strategy.outcome' }),
  ]
  expect(() => checkRoutes(routes, house)).toThrow(
    /^POST \/forgotten has no policy.*\nPOST \/unknown-kind .*strategy\.dream.*\nPOST \/uncovered needs leave to juggle strategy\.outcome/,
  )
  expect(() => checkRoutes(routes.slice(0, 2), house)).not.toThrow()
})

it('knows what an address understands', () => {
  const routes = [route('GET', '/a/:id'), route('PATCH', '/a/:id'), route('POST', '/a/:id/agree'), route('GET', '/b.c')]
  expect(methodsAt(routes, '/a/7')).toEqual(['GET', 'HEAD', 'PATCH'])
  expect(methodsAt(routes, '/a/7/')).toEqual(['GET', 'HEAD', 'PATCH'])
  expect(methodsAt(routes, '/a/7/agree')).toEqual(['POST'])
  expect(methodsAt(routes, '/a')).toEqual([])
  expect(methodsAt(routes, '/bxc')).toEqual([])
})
