import type { View } from '#kernel/view.ts'
import { roles } from '#platform/caller.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { Form } from '#web/controls/form.tsx'
import { ReferenceControl } from '#web/controls/reference.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { fieldsOf, listed, type Mistakes } from '#web/form-fields.ts'
import { PageHead } from '#web/parts/head.tsx'

export type NewAccountData = {
  readonly given: Readonly<Record<string, string>>
  readonly mistakes: Mistakes
  readonly bodies: ReadonlyArray<{ id: string; label: string }>
  readonly people: ReadonlyArray<{ id: string; label: string }>
}

/**
 * A new account: name, login, role and organisation; the initial password is shown once and must be changed at the
 * first sign-in.
 */
export function newAccountView({ given, mistakes, bodies, people }: NewAccountData, { say, csrf }: View) {
  const field = fieldsOf(given, mistakes)
  return (
    <div class="cw-prose cw-stack" data-gap="loose">
      <PageHead title={say('identity.accounts.new')} lead={say('identity.accounts.new-lead')} />
      <Form
        action="/account/new"
        csrf={csrf}
        mistakes={listed(mistakes)}
        submit={say('identity.accounts.create')}
        cancel={{ href: '/identity/accounts' }}
      >
        <TextControl {...field('name', say('identity.accounts.name'))} required />
        <TextControl
          {...field('login', say('identity.account.field.login'))}
          hint={say('identity.accounts.login-hint')}
          required
        />
        <ReferenceControl
          {...field('person', say('identity.account.field.person'))}
          hint={say('identity.accounts.person-hint')}
          options={people}
        />
        <SelectControl
          {...field('role', say('identity.account.rows.grant.role'))}
          required
          options={roles.map((role) => ({ value: role, label: say(`identity.account.choice.grant.role.${role}`) }))}
        />
        <ReferenceControl
          {...field('body', say('identity.account.rows.grant.body'))}
          hint={say('identity.accounts.body-hint')}
          required
          options={bodies}
        />
      </Form>
    </div>
  )
}
