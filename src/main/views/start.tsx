import type { View } from '#kernel/view.ts'
import { ChoiceControl } from '#web/controls/choice.tsx'
import { Form } from '#web/controls/form.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { fieldsOf, listed, type Mistakes } from '#web/form-fields.ts'
import { Button, LinkButton } from '#web/parts/button.tsx'
import { Card } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { PostForm } from '#web/parts/post.tsx'

export type StartData = {
  readonly city: 'none' | 'demo' | 'real'
  readonly mayRemove: boolean
  readonly signedIn: boolean
  readonly mayImport: boolean
  readonly mayInstall: boolean
}

/** Three ways to begin, and what to do with the demo city. */
export function startView({ city, mayRemove, signedIn, mayImport, mayInstall }: StartData, { say, csrf }: View) {
  const bring = mayImport || !signedIn ? '/import' : undefined
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead title={say('start.title')} lead={say('start.lead')} />
      <div class="cw-grid">
        <Card title={say('start.file')} href={city === 'none' ? '/start/city' : bring}>
          <p>{say('start.file.text')}</p>
        </Card>
        <Card title={say('start.template')} href="/import/template">
          <p>{say('start.template.text')}</p>
        </Card>
        <Card title={say('start.demo')} href={city === 'demo' ? '/' : undefined}>
          <p>{say(city === 'demo' ? 'start.demo.there' : 'start.demo.text')}</p>
          {mayInstall && (
            <PostForm action="/start" csrf={csrf} hidden={{ act: 'install' }}>
              <Button variant="secondary">{say('start.demo.install')}</Button>
            </PostForm>
          )}
        </Card>
      </div>
      {city !== 'real' && (
        <Section id="own-city" title={say('start.own')}>
          <p class="cw-prose">{say(city === 'demo' ? 'start.own.after-demo' : 'start.own.text')}</p>
          {city === 'none' && <LinkButton href="/start/city">{say('start.own.action')}</LinkButton>}
        </Section>
      )}
      {city === 'demo' && (
        <Section id="remove-demo" title={say('start.remove')}>
          <p class="cw-prose">{say('start.remove.text')}</p>
          {mayRemove ? (
            <PostForm action="/start" csrf={csrf} hidden={{ act: 'remove' }}>
              <Button variant="secondary" grave>
                {say('start.remove.action')}
              </Button>
            </PostForm>
          ) : (
            !signedIn && (
              <LinkButton href="/sign-in?next=/start" variant="secondary">
                {say('start.remove.sign-in')}
              </LinkButton>
            )
          )}
        </Section>
      )}
    </div>
  )
}

export type FoundData = {
  readonly given: Readonly<Record<string, string | undefined>>
  readonly mistakes: Mistakes
  readonly demo: boolean
}

/** The first administrator and the city's name, time zone and language. */
export function foundView({ given, mistakes, demo }: FoundData, { say, csrf }: View) {
  const field = fieldsOf(given, mistakes)
  const text = (name: string, more: { hint?: string; autocomplete?: string } = {}) => (
    <TextControl {...field(name, say(`start.city.${name}`))} required {...more} />
  )
  if (demo)
    return (
      <div class="cw-prose cw-stack" data-gap="loose">
        <PageHead title={say('start.city.title')} lead={say('start.own.after-demo')} />
        <LinkButton href="/start">{say('start.remove')}</LinkButton>
      </div>
    )
  return (
    <div class="cw-prose cw-stack" data-gap="loose">
      <PageHead title={say('start.city.title')} lead={say('start.city.lead')} />
      <Form
        action="/start/city"
        csrf={csrf}
        mistakes={listed(mistakes)}
        submit={say('start.city.submit')}
        cancel={{ href: '/start' }}
      >
        {text('code', { hint: say('start.city.code.hint') })}
        {text('city')}
        {text('timeZone', { hint: say('start.city.timeZone.hint') })}
        <ChoiceControl
          {...field('language', say('start.city.language'))}
          required
          options={[
            { value: 'en', label: 'English' },
            { value: 'zh-Hans', label: '简体中文' },
          ]}
        />
        {text('name', { autocomplete: 'name' })}
        {text('login', { autocomplete: 'username', hint: say('start.city.login.hint') })}
        <TextControl
          {...field('password', say('identity.password'))}
          kind="password"
          hint={say('identity.password.rule')}
          required
          autocomplete="new-password"
        />
      </Form>
    </div>
  )
}

export type AboutData = { readonly city: StartData['city'] }

/** What this is, in ten lines, and where its reading of the standard comes from. */
export function aboutView(_data: AboutData, { say }: View) {
  return (
    <div class="cw-prose cw-stack" data-gap="loose">
      <PageHead title={say('about.title')} lead={say('about.lead')} />
      <p>{say('about.evidence')}</p>
      <p>{say('about.words')}</p>
      <p>{say('about.history')}</p>
      <p>{say('product.imprint')}</p>
      <p>
        <a href="/start">{say('about.start')}</a>
      </p>
    </div>
  )
}
