import type { View } from '#kernel/view.ts'
import { LinkButton } from './parts/button.tsx'
import { PageHead } from './parts/head.tsx'

export type ErrorData = {
  readonly title: string
  readonly detail: string
  readonly status: number
  readonly id: string
  readonly back: string | undefined
}

/** One thing went wrong: what it is, what to do, and a number to quote when asking for help. */
export function errorView({ title, detail, status, id, back }: ErrorData, { say }: View) {
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead title={title} lead={detail} />
      <div class="cw-cluster">
        <LinkButton href={back ?? '/'}>{say(back ? 'error.back' : 'error.home')}</LinkButton>
      </div>
      <p class="cw-quiet">{say('error.number', { status, id })}</p>
    </div>
  )
}

/** Not now: why, and that the page asks again by itself, or where to go back to. */
export function waitView({ detail, back }: Pick<ErrorData, 'detail' | 'back'>, { say }: View) {
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead title={say('error.moment')} lead={detail} />
      {back === undefined ? (
        <p class="cw-quiet">{say('error.again')}</p>
      ) : (
        <div class="cw-cluster">
          <LinkButton href={back}>{say('error.back')}</LinkButton>
        </div>
      )}
    </div>
  )
}
