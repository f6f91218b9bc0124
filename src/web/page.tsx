import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Shell } from './frame.ts'
import { emblemAddress, Icon } from './icon.tsx'
import { directionOf, LanguageProvider } from './language.tsx'
import { Notice } from './parts/notice.tsx'
import { Breadcrumbs, Footer, Masthead, Navigation } from './shell.tsx'

export type { ColorScheme, NavigationEntry, Shell } from './frame.ts'

/** The whole document. The body brings the one `h1`. */
export function renderPage(shell: Shell, body: ComponentChildren): string {
  return `<!doctype html>${renderToString(<Document shell={shell}>{body}</Document>)}`
}

function Document({ shell, children }: { shell: Shell; children: ComponentChildren }) {
  const direction = shell.direction ?? directionOf(shell.language)
  const listed = shell.robots ? shell.robots === 'index' : shell.side === 'public'
  return (
    <LanguageProvider say={shell.say} language={shell.language} direction={direction}>
      <html lang={shell.language} dir={direction} data-color-scheme={shell.scheme} data-size="sm">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{[shell.title, shell.city, shell.product].filter(Boolean).join(' · ')}</title>
          {shell.description && <meta name="description" content={shell.description} />}
          {!listed && <meta name="robots" content="noindex, nofollow" />}
          {shell.refresh !== undefined && <meta http-equiv="refresh" content={String(Math.max(1, shell.refresh))} />}
          <meta name="color-scheme" content={shell.scheme === 'auto' ? 'light dark' : shell.scheme} />
          <link rel="icon" href={emblemAddress} />
          <link rel="stylesheet" href={shell.styles} />
          {shell.scripts?.map((address) => (
            <script key={address} type="module" src={address} />
          ))}
        </head>
        <body data-side={shell.side}>
          <a class="cw-skip" href="#main">
            {shell.say('web.page.skip')}
          </a>
          {shell.watermark && (
            <div class="cw-watermark" role="note">
              <div class="cw-page">
                <span>
                  <Icon name="info" /> {shell.watermark.text}
                </span>
                {shell.watermark.href && <a href={shell.watermark.href}>{shell.watermark.action}</a>}
              </div>
            </div>
          )}
          <Masthead shell={shell} />
          <Navigation entries={shell.navigation} />
          <main id="main" class="cw-page cw-main" tabIndex={-1}>
            {shell.trail && shell.trail.length > 0 && <Breadcrumbs steps={shell.trail} />}
            {shell.notices?.map((notice) => (
              <Notice
                key={notice.text}
                tone={notice.tone}
                announced
                actions={notice.action && <a href={notice.action.href}>{notice.action.label}</a>}
              >
                {notice.text}
              </Notice>
            ))}
            {children}
          </main>
          <Footer shell={shell} />
        </body>
      </html>
    </LanguageProvider>
  )
}
