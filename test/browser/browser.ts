import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import type { Ending } from '../helpers/stores.ts'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The system's own Chromium, or the one that Playwright has downloaded. */
function findBrowser (): string | undefined {
  const folders = (process.env.PATH ?? '').split(':')
  const installed = commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  return [process.env.CHROMIUM ?? '', ...installed, chromium.executablePath()].find((path) => path !== '' && existsSync(path))
}

const executablePath = findBrowser()

/** Why the tests in a browser cannot run here; false where they can. */
export const skip: string | false = executablePath === undefined &&
  'there is no Chromium: apt-get install chromium, npx playwright install chromium, or set CHROMIUM to its path'

/** Started once for all tests of a file, and closed with it. */
export async function openBrowser (t: Ending): Promise<Browser> {
  // As root, which is what containers are, Chromium does not start with its sandbox.
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  t.teardown(() => browser.close())
  return browser
}

/** A browser of somebody's own: its cookies are shared by its tabs and with nobody else. */
export interface Visit {
  context: BrowserContext
  page: Page
  /** What went wrong on its pages, as the console says. */
  complaints: string[]
}

/** That somebody is not signed in, or that a call was refused, is answered with these; the console shows them as well. */
const refusal = /^Failed to load resource: the server responded with a status of 4\d\d/

/** Opens a page in a browser of its own. */
export async function visit (t: Ending, browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options })
  t.teardown(() => context.close())
  context.setDefaultTimeout(15_000)
  const complaints: string[] = []
  context.on('weberror', (error) => { complaints.push(String(error.error())) })
  context.on('console', (message) => {
    if (message.type() === 'error' && !refusal.test(message.text())) complaints.push(message.text())
  })
  const page = await context.newPage()
  await page.goto(url)
  return { context, page, complaints }
}
