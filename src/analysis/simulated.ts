/** Realistic series generated from a seed, for testing forecasts in tests and benchmarks. */
import { normals, seeded } from './random.ts'

export const imitations = [
  'noise',
  'alike-neighbours',
  'wandering-level',
  'walk',
  'drift',
  'drifting-walk',
  'season',
  'season-and-drift',
  'heavy-tails',
  'counts',
] as const
export type Imitation = (typeof imitations)[number]

/** A series of one kind; monthly where it has a season. */
export function imitate(kind: Imitation, count: number, seed: number): number[] {
  const normal = normals(seeded(seed * 7919 + imitations.indexOf(kind)))
  let state = 0
  const wave = (index: number) => Math.cos((index * Math.PI) / 6)
  const next = (index: number): number => {
    switch (kind) {
      case 'noise':
        return 50 + 5 * normal()
      case 'alike-neighbours':
        state = 0.6 * state + normal()
        return 50 + 5 * state
      case 'wandering-level':
        state += 0.3 * normal()
        return 50 + state + normal()
      case 'walk':
        state += normal()
        return 50 + state
      case 'drift':
        return 50 + 0.2 * index + 2 * normal()
      case 'drifting-walk':
        state += 0.3 + normal()
        return 50 + state
      case 'season':
        return 50 + 5 * wave(index) + 2 * normal()
      case 'season-and-drift':
        return 50 + 0.15 * index + 4 * wave(index) + 2 * normal()
      case 'heavy-tails': {
        const spread = Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2 + normal() ** 2) / 4)
        return 50 + (5 * normal()) / Math.max(spread, 0.1)
      }
      case 'counts':
        return Math.max(0, Math.round(12 + 3.5 * normal()))
    }
  }
  return Array.from({ length: count }, (_, index) => next(index))
}
