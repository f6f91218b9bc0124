/**
 * Shows the gallery on this machine: `node --import ./src/main/tsx.ts src/web/gallery/serve.ts [port]`.
 * Reads `?language=`, `?scheme=`, `?side=` and `?direction=`.
 */
import { createServer } from 'node:http'
import { languageOf } from '#kernel/words.ts'
import { gallery } from '../gallery.tsx'
import { styleSheet } from '../styles.ts'
import { partWords } from './speak.tsx'

const sheet = styleSheet()
const policy = "default-src 'self'; style-src 'self'; img-src 'self' data:; script-src 'self'"

const server = createServer((request, response) => {
  const address = new URL(request.url ?? '/', 'http://localhost')
  if (address.pathname.endsWith('.css')) {
    response.writeHead(200, { 'content-type': 'text/css; charset=utf-8' }).end(sheet.text)
    return
  }
  const asked = address.searchParams
  const language = languageOf(asked.get('language') ?? 'en') ?? 'en'
  const scheme = asked.get('scheme')
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }).end(
    gallery({
      say: partWords.say(language),
      language,
      styles: `/commonweal.${sheet.hash}.css`,
      side: asked.get('side') === 'public' ? 'public' : 'workspace',
      scheme: scheme === 'light' || scheme === 'dark' ? scheme : 'auto',
      direction: asked.get('direction') === 'rtl' ? 'rtl' : undefined,
    }),
  )
})
server.listen(Number(process.argv[2] ?? 3900), '127.0.0.1', () => console.log(server.address()))
