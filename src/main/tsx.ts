/**
 * Teaches Node to load `.tsx`: type stripping in Node covers `.ts` only. Import this first
 * (`node --import ./src/main/tsx.ts …`); it works synchronously and needs no build.
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'oxc-transform'

registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.tsx')) return nextLoad(url, context)
    const file = fileURLToPath(url)
    const { code, errors } = transformSync(file, readFileSync(file, 'utf8'), {
      lang: 'tsx',
      sourcemap: false,
      typescript: { onlyRemoveTypeImports: true },
      jsx: { runtime: 'automatic', importSource: 'preact', development: false },
    })
    if (errors.length > 0) throw new SyntaxError(`${file}: ${errors.map((error) => error.message).join('; ')}`)
    return { format: 'module', source: code, shortCircuit: true }
  },
})
