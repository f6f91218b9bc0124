import type { ComponentChildren } from 'preact'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

type PostFormProps = {
  action: string
  /** Token against forged requests. */
  csrf: string
  hidden?: Readonly<Record<string, string>>
  /** Buttons and words in a row. */
  row?: boolean
  children: ComponentChildren
}

/** A form without questions: a button or two and what they are about. */
export function PostForm({ action, csrf, hidden, row, children }: PostFormProps) {
  return (
    <form method="post" action={action} class={row ? 'cw-cluster' : undefined}>
      <input type="hidden" name="csrf" value={csrf} />
      {Object.entries(hidden ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  )
}

type JustDoneProps = Pick<PostFormProps, 'action' | 'csrf' | 'hidden'> & {
  sentence: string
  /** The change set, posted as `undo`. */
  changeSet: string
  undo: string
}

/** What has just been done, with a way to undo it. */
export function JustDone({ action, csrf, hidden, sentence, changeSet, undo }: JustDoneProps) {
  return (
    <Notice>
      <PostForm action={action} csrf={csrf} hidden={{ undo: changeSet, ...hidden }} row>
        <span>{sentence}</span>
        <Button variant="secondary">{undo}</Button>
      </PostForm>
    </Notice>
  )
}
