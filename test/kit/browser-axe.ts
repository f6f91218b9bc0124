/**
 * Accessibility findings of a page by axe-core, for WCAG 2.0, 2.1 and 2.2 at levels A and AA. axe runs in an isolated
 * world, injected through the DevTools protocol: our pages refuse inline script, and this way they are tested with
 * exactly the policy people get, even with JavaScript off.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'

/** One broken rule: its axe name, what is wrong, and each element as `selector: what to fix`. */
export type AxeFinding = { rule: string; help: string; elements: string[] }

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']
let source: string | undefined

/**
 * With scripts off no timer ever fires, and axe yields by timers; promises still run. Only axe's own world sees this.
 */
const timersByPromise =
  'globalThis.setTimeout = (call, _, ...input) => { Promise.resolve().then(() => call(...input)); return 0 };'

const analysis = `axe.run(document, {
    runOnly: { type: 'tag', values: ${JSON.stringify(tags)} }, resultTypes: ['violations'], iframes: false,
  }).then(({ violations }) => violations.map(({ id, help, nodes }) => ({
    rule: id,
    help,
    elements: nodes.map((node) => node.target.join(' ') + ': ' + (node.any[0] ?? node.all[0] ?? node.none[0]).message),
  })))`

/** Fails with one line per broken rule and element when the current page has any axe finding. */
export async function expectNoAxeFindings(page: Page): Promise<void> {
  expect(await axeFindings(page), `accessibility findings on ${page.url()}`).toEqual([])
}

/** The findings on the current page; empty if there are none. */
export async function axeFindings(page: Page): Promise<AxeFinding[]> {
  source ??= readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const session = await page.context().newCDPSession(page)
  try {
    const { frameTree } = await session.send('Page.getFrameTree')
    const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id,
      worldName: 'axe',
    })
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      contextId,
      expression: `${timersByPromise}\n${source}\n${analysis}`,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails) {
      throw new Error(
        `axe failed on ${page.url()}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`,
      )
    }
    return result.value as AxeFinding[]
  } finally {
    await session.detach()
  }
}
