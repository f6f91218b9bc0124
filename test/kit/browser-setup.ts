import { prepareBrowser } from '#test/kit/browser.ts'

/** Playwright calls this once before all projects. */
export default prepareBrowser
