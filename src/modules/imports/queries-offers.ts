/** What all rooms together offer to imports; made once, when the house is composed. */
import { type AllOffers, joinOffers } from '#platform/imports/index.ts'
import type { Manifest } from '#platform/module.ts'

export type { AllOffers }

/** Throws by name where a room points at what no room offers. */
export const offersOf = (rooms: readonly Manifest[]): AllOffers =>
  joinOffers(rooms.flatMap((room) => room.imports ?? []))
