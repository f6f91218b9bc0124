/**
 * Names under which the site may be asked for. A page of another site can point its own name at this machine (DNS
 * rebinding), and would then pass for us; a request under a name that nobody configured is refused.
 */
export type Hosts = (hostname: string) => boolean

const isOwn = (name: string) =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  name === '[::1]' ||
  name === '::1' ||
  /^127(\.\d{1,3}){3}$/.test(name)

const plain = (name: string) => name.trim().toLowerCase().replace(/\.$/, '')

/** The machine itself, the public address, and what is configured besides (without port, in any case). */
export function knownHosts(options: { readonly publicOrigin?: string; readonly hosts?: readonly string[] }): Hosts {
  const named = new Set((options.hosts ?? []).map(plain))
  if (options.publicOrigin) named.add(plain(new URL(options.publicOrigin).hostname))
  return (hostname) => {
    const name = plain(hostname)
    return named.has(name) || isOwn(name)
  }
}
