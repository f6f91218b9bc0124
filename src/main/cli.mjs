const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 7)) {
  console.error(
    `Commonweal needs Node.js 24.7 or newer, and this is ${process.versions.node}: run it through npm ("npm run -s cli -- …") after "npm ci".`,
  )
  process.exit(78)
}
await import('./tsx.ts')
const { runCommand } = await import('./cli.ts')
process.exitCode = await runCommand(process.argv.slice(2))
