import type { View } from '#kernel/view.ts'
import { roles } from '#platform/caller.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { Form } from '#web/controls/form.tsx'
import { ReferenceControl } from '#web/controls/reference.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { PageHead } from '#web/parts/head.tsx'
import type { Mistakes } from '../rules-mistakes.ts'
import { listed } from './sign-in.tsx'

export type NewAccountData = {
  readonly given: Readonly<Record<string, string>>
  readonly mistakes: Mistakes
  readonly bodies: ReadonlyArray<{ id: string; label: string }>
  readonly people: ReadonlyArray<{ id: string; label: string }>
}

/** Somebody new: name, login, role and body; the first password is shown once and must be changed at the first sign-in. */
export function newAccountView({ given, mistakes, bodies, people }: NewAccountData, { say, csrf }: View) {
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
        <TextControl
          id="field-name"
          name="name"
          label={say('identity.accounts.name')}
          value={given.name}
          problem={mistakes.name}
          required
        />
        <TextControl
          id="field-login"
          name="login"
          label={say('identity.account.field.login')}
          hint={say('identity.accounts.login-hint')}
          value={given.login}
          problem={mistakes.login}
          required
        />
        <ReferenceControl
          id="field-person"
          name="person"
          label={say('identity.account.field.person')}
          hint={say('identity.accounts.person-hint')}
          value={given.person}
          problem={mistakes.person}
          options={people}
        />
        <SelectControl
          id="field-role"
          name="role"
          label={say('identity.account.rows.grant.role')}
          value={given.role}
          problem={mistakes.role}
          required
          options={roles.map((role) => ({ value: role, label: say(`identity.account.choice.grant.role.${role}`) }))}
        />
        <ReferenceControl
          id="field-body"
          name="body"
          label={say('identity.account.rows.grant.body')}
          hint={say('identity.accounts.body-hint')}
          value={given.body}
          problem={mistakes.body}
          required
          options={bodies}
        />
      </Form>
    </div>
  )
}
