/**
 * The token of forms for people who are not signed in. It is made from a secret of the installation and the hour, so it can
 * neither be known beforehand nor kept: one from a page opened within the last two hours counts.
 */
import { createHmac } from 'node:crypto'
import type { App } from '#platform/app.ts'

const slotMs = 2 * 3_600_000

const tokenOf = (secret: string, slot: number) =>
  createHmac('sha256', secret).update(String(slot)).digest('base64url').slice(0, 24)

/** The token that forms carry now. */
export const publicToken = ({ formSecret, now }: App): string =>
  tokenOf(formSecret, Math.floor(now().getTime() / slotMs))

/** The one before it, which forms that are already open carry. */
export const publicTokenBefore = ({ formSecret, now }: App): string =>
  tokenOf(formSecret, Math.floor(now().getTime() / slotMs) - 1)
