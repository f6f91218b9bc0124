import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from '../icon.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'tertiary'

type Common = {
  children: ComponentChildren
  variant?: ButtonVariant
  icon?: IconName
  /** Orange: for actions that remove something. The words must say so too. */
  grave?: boolean
}

type ButtonProps = Common & {
  type?: 'submit' | 'button'
  name?: string
  value?: string
  form?: string
  formAction?: string
}

/** A button of a form. A page has at most one primary button. */
export function Button({ children, variant = 'primary', icon, grave, type = 'submit', ...rest }: ButtonProps) {
  return (
    <button class="ds-button" type={type} data-variant={variant} data-color={grave ? 'danger' : undefined} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

type LinkButtonProps = Common & { href: string; download?: boolean }

/** A link that looks like a button, because it is the main thing to do. */
export function LinkButton({ children, variant = 'primary', icon, grave, href, download }: LinkButtonProps) {
  return (
    <a
      class="ds-button"
      href={href}
      data-variant={variant}
      data-color={grave ? 'danger' : undefined}
      download={download || undefined}
    >
      {icon && <Icon name={icon} />}
      {children}
    </a>
  )
}

export type Action =
  | { readonly label: string; readonly href: string; readonly icon?: IconName }
  | {
      readonly label: string
      readonly post: string
      readonly csrf: string
      readonly icon?: IconName
      /** Further hidden fields, such as the version that was read. */
      readonly fields?: Readonly<Record<string, string>>
    }

/** More actions behind one button: a plain `details` that needs no script. */
export function ActionMenu({ label, actions }: { label: string; actions: readonly Action[] }) {
  if (actions.length === 0) return null
  return (
    <details class="cw-menu">
      <summary class="ds-button" data-variant="secondary">
        {label}
        <Icon name="chevron-down" />
      </summary>
      <ul class="cw-menu-list">
        {actions.map((action) => (
          <li key={action.label}>
            {'href' in action ? (
              <a href={action.href}>
                {action.icon && <Icon name={action.icon} />}
                {action.label}
              </a>
            ) : (
              <form method="post" action={action.post}>
                <input type="hidden" name="csrf" value={action.csrf} />
                {Object.entries(action.fields ?? {}).map(([name, value]) => (
                  <input key={name} type="hidden" name={name} value={value} />
                ))}
                <button type="submit">
                  {action.icon && <Icon name={action.icon} />}
                  {action.label}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}
