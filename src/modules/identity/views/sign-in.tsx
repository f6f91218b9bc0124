import type { View } from '#kernel/view.ts'
import { Form } from '#web/controls/form.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { fieldsOf, listed, type Mistakes } from '#web/form-fields.ts'
import { Button, LinkButton } from '#web/parts/button.tsx'
import { PageHead } from '#web/parts/head.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { PostForm } from '#web/parts/post.tsx'

export type SignInData = {
  readonly login: string
  readonly next: string
  readonly mistakes: Mistakes
  readonly demo: boolean
}

/** Name and password; the same answer for a wrong name and a wrong password. */
export function signInView({ login, next, mistakes, demo }: SignInData, { say, csrf }: View) {
  const field = fieldsOf({ login }, mistakes)
  return (
    <div class="cw-prose cw-stack" data-gap="loose">
      <PageHead title={say('identity.sign-in.title')} lead={say('identity.sign-in.lead')} />
      {demo && <Notice title={say('identity.sign-in.demo')}>{say('identity.sign-in.demo-hint')}</Notice>}
      <Form
        action="/sign-in"
        csrf={csrf}
        hidden={{ next }}
        mistakes={listed(mistakes)}
        submit={say('identity.sign-in.submit')}
      >
        <TextControl {...field('login', say('identity.account.field.login'))} required autocomplete="username" />
        <TextControl
          {...field('password', say('identity.password'))}
          kind="password"
          required
          autocomplete="current-password"
        />
      </Form>
    </div>
  )
}

export type AccountData = {
  readonly name: string
  readonly login: string
  readonly roles: ReadonlyArray<{ role: string; body: string }>
  readonly posts: readonly string[]
  readonly sessions: ReadonlyArray<{
    id: string
    current: boolean
    device: string
    address: string
    seenAt: string
    createdAt: string
  }>
  readonly mayManage: boolean
}

/** Whose account it is, what it may do, and where it is signed in. */
export function accountView({ name, login, roles, posts, sessions, mayManage }: AccountData, { say, csrf }: View) {
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead
        title={name}
        over={login}
        lead={say('identity.account.lead')}
        actions={
          <>
            <LinkButton href="/account/password" variant="secondary">
              {say('identity.password.change')}
            </LinkButton>
            {mayManage && (
              <LinkButton href="/identity/accounts" variant="secondary">
                {say('identity.accounts.manage')}
              </LinkButton>
            )}
          </>
        }
      />
      <section class="cw-section">
        <h2>{say('identity.account.roles')}</h2>
        <ul>
          {roles.map(({ role, body }) => (
            <li key={`${role} ${body}`}>
              {say('identity.account.role-on', { role: say(`identity.account.choice.grant.role.${role}`), body })}
            </li>
          ))}
          {posts.map((post) => (
            <li key={post}>{say('identity.account.post', { post })}</li>
          ))}
        </ul>
      </section>
      <section class="cw-section">
        <h2>{say('identity.sessions.title')}</h2>
        <p class="cw-soft cw-prose">{say('identity.sessions.lead')}</p>
        <ul class="cw-stack">
          {sessions.map((session) => (
            <li key={session.id} class="cw-card">
              <p>
                <strong>{session.device}</strong> {session.current && `· ${say('identity.sessions.this')}`}
              </p>
              <p class="cw-soft">
                {say('identity.sessions.facts', {
                  address: session.address,
                  seenAt: session.seenAt,
                  createdAt: session.createdAt,
                })}
              </p>
              {!session.current && (
                <PostForm action="/account" csrf={csrf} hidden={{ end: session.id }}>
                  <Button variant="secondary">{say('identity.sessions.end')}</Button>
                </PostForm>
              )}
            </li>
          ))}
        </ul>
        <PostForm action="/account" csrf={csrf} hidden={{ act: 'everywhere' }}>
          <Button variant="secondary">{say('identity.sessions.end-all')}</Button>
        </PostForm>
      </section>
    </div>
  )
}

export type PasswordData = { readonly mistakes: Mistakes; readonly mustChange: boolean }

export function passwordView({ mistakes, mustChange }: PasswordData, { say, csrf }: View) {
  const field = fieldsOf({}, mistakes)
  return (
    <div class="cw-prose cw-stack" data-gap="loose">
      <PageHead
        title={say('identity.password.change')}
        lead={say(mustChange ? 'identity.password.must' : 'identity.password.rule')}
      />
      <Form
        action="/account/password"
        csrf={csrf}
        mistakes={listed(mistakes)}
        submit={say('identity.password.save')}
        cancel={{ href: '/account' }}
      >
        <TextControl
          {...field('current', say('identity.password.current'))}
          kind="password"
          required
          autocomplete="current-password"
        />
        <TextControl
          {...field('password', say('identity.password.new'))}
          kind="password"
          hint={say('identity.password.rule')}
          required
          autocomplete="new-password"
        />
      </Form>
    </div>
  )
}
