import module from 'node:module'

// Plain JavaScript, so that an old Node says what is wrong instead of failing on a word it does not know.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 7)) {
  console.error(
    `Commonweal needs Node.js 24.7 or newer, and this is ${process.versions.node}: run it through npm ("npm start") after "npm ci", or install Node.js 24.`,
  )
  process.exit(78)
}
// The first process of a container gets no signal that it does not ask for; until something is open, ending is easy.
const leave = () => process.exit(0)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, leave)
// Compiled code is kept between starts: a third less time and memory. Without a writable place it is simply not kept.
module.enableCompileCache?.()
await import('./tsx.ts')
const { start } = await import('./start.ts')
await start(leave)
