/** What all rooms together offer to imports; built once, when the application is composed. */
import { type AllOffers, joinOffers } from '#platform/imports/index.ts'
import type { Manifest } from '#platform/module.ts'

export type { AllOffers }

/** Throws, by name, if a room points at what no room offers. */
export const offersOf = (rooms: readonly Manifest[]): AllOffers =>
  joinOffers(rooms.flatMap((room) => room.imports ?? []))
