import type { View } from '#kernel/view.ts'
import { roles } from '#platform/caller.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { Form } from '#web/controls/form.tsx'
import { ReferenceControl } from '#web/controls/reference.tsx'
import { fieldsOf, listed, type Mistakes } from '#web/form-fields.ts'
import { Button, LinkButton } from '#web/parts/button.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { PostForm } from '#web/parts/post.tsx'

type NamedGrant = { readonly role: string; readonly body: string; readonly name: string }

export type ManageData = {
  readonly code: string
  readonly name: string
  readonly login: string
  readonly state: string
  readonly action: string
  readonly grants: readonly NamedGrant[]
  readonly manageable: boolean
  readonly bodies: ReadonlyArray<{ id: string; label: string }>
  readonly given: Readonly<Record<string, string>>
  readonly mistakes: Mistakes
  /** A newly generated initial password; shown only now. */
  readonly password?: string
}

const roleName = ({ say }: View, role: string) => say(`identity.account.choice.grant.role.${role}`)

/** Managing an account: roles, a new initial password, closing. */
export function manageView(data: ManageData, view: View) {
  const { say } = view
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead title={data.name} over={data.login} lead={say('identity.manage.lead')} />
      {data.password && (
        <Notice tone="done" title={say('identity.manage.password-shown', { login: data.login })}>
          <p>
            <code>{data.password}</code>
          </p>
          <p>{say('identity.accounts.made-lead')}</p>
        </Notice>
      )}
      {!data.manageable && <Notice tone="warning">{say('problem.identity.account-beyond-reach')}</Notice>}
      <Section id="roles" title={say('identity.account.rows.grant')}>
        <Grants data={data} view={view} />
      </Section>
      {data.manageable && <GiveRole data={data} view={view} />}
      {data.manageable && <Acts data={data} view={view} />}
    </div>
  )
}

type Part = { data: ManageData; view: View }

function Grants({ data, view }: Part) {
  const { say, csrf } = view
  if (data.grants.length === 0) return <p class="cw-soft">{say('identity.manage.none')}</p>
  return (
    <ul class="cw-stack">
      {data.grants.map(({ role, body, name }) => {
        const sentence = say('identity.account.role-on', { role: roleName(view, role), body: name })
        return (
          <li key={`${role} ${body}`} class="cw-card">
            <p>{sentence}</p>
            {data.manageable && (
              <PostForm action={data.action} csrf={csrf} hidden={{ act: 'take', role, body }}>
                <Button variant="secondary">
                  {say('identity.manage.take')}
                  <span class="cw-unseen"> ({sentence})</span>
                </Button>
              </PostForm>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function GiveRole({ data, view }: Part) {
  const { say, csrf } = view
  const field = fieldsOf(data.given, data.mistakes)
  return (
    <Section id="give" title={say('identity.manage.give')}>
      <Form
        action={data.action}
        csrf={csrf}
        hidden={{ act: 'give' }}
        mistakes={listed(data.mistakes)}
        submit={say('identity.manage.give')}
      >
        <SelectControl
          {...field('role', say('identity.account.rows.grant.role'))}
          required
          options={roles.map((role) => ({ value: role, label: roleName(view, role) }))}
        />
        <ReferenceControl
          {...field('body', say('identity.account.rows.grant.body'))}
          hint={say('identity.accounts.body-hint')}
          required
          options={data.bodies}
        />
      </Form>
    </Section>
  )
}

function Acts({ data, view }: Part) {
  const { say, csrf } = view
  const act = (name: 'password' | 'close' | 'reopen', grave: boolean) => (
    <Section id={name} title={say(`identity.manage.${name}`)}>
      <p class="cw-prose">{say(`identity.manage.${name}-lead`)}</p>
      <PostForm action={data.action} csrf={csrf} hidden={{ act: name }}>
        <Button variant="secondary" grave={grave}>
          {say(`identity.manage.${name}`)}
        </Button>
      </PostForm>
    </Section>
  )
  return (
    <>
      {act('password', false)}
      {data.state === 'active' ? act('close', true) : act('reopen', false)}
    </>
  )
}

export type RolesPanelData = { readonly grants: readonly NamedGrant[]; readonly href?: string }

/** Roles on the page of an account. */
export function rolesPanelView({ grants, href }: RolesPanelData, view: View) {
  const { say } = view
  return (
    <Section id="account-roles" title={say('identity.account.rows.grant')}>
      {grants.length === 0 ? (
        <p class="cw-soft">{say('identity.manage.none')}</p>
      ) : (
        <ul>
          {grants.map(({ role, body, name }) => (
            <li key={`${role} ${body}`}>
              {say('identity.account.role-on', { role: roleName(view, role), body: name })}
            </li>
          ))}
        </ul>
      )}
      {href && (
        <LinkButton href={href} variant="secondary">
          {say('identity.manage.open')}
        </LinkButton>
      )}
    </Section>
  )
}
