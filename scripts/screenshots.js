// Pictures of the web client for docs/images: starts a cluster with the demo in a temporary folder, and looks at it in
// Chromium as Alice does while the others are there. npm run screenshots
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import sharp from 'sharp'
import { startCluster } from '../dist/cluster/start.js'
import { password } from '../dist/demo/people.js'
import { play } from '../dist/demo/play.js'
import { createParley } from '../dist/sdk/index.js'
import { root } from './assets.js'

const images = join(root, 'docs/images')
const desktop = { viewport: { width: 1200, height: 820 }, deviceScaleFactor: 1.5 }
const phone = { viewport: { width: 390, height: 820 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }

/** Few colours are enough for a page, and make a picture a third as large. */
async function take (page, name) {
  await page.mouse.move(0, 0)
  const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  const { size, width, height } = await sharp(picture).png({ palette: true, colours: 192, effort: 10 }).toFile(join(images, `${name}.png`))
  console.log(`${name}.png: ${width} × ${height}, ${Math.round(size / 1000)} kB`)
}

async function open (browser, url, options) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London', reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(30_000)
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  return page
}

async function signIn (page) {
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('textbox', { name: /^Message / }).waitFor()
}

async function goTo (page, name) {
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await page.getByRole('log').getByRole('article').last().waitFor()
}

const bay = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="760" viewBox="0 0 600 380">
  <rect width="600" height="380" fill="#a9d3ea"/><circle cx="470" cy="90" r="36" fill="#fff3c4"/>
  <path d="M0 150 90 90l80 50 110-80 120 90 90-40 110 60v40H0z" fill="#7f9c8b"/>
  <path d="M0 190q80-30 160 0t150-4 290 14v180H0z" fill="#3f86b5"/><path d="M0 260q120-26 240 0t360-6v126H0z" fill="#2f6f9f"/>
  <path d="M300 120v120l-96-8q70-40 96-112zM310 140q56 40 70 96l-70 4z" fill="#fbfaf6"/><path d="M190 246h210l-26 36H220z" fill="#a33d3d"/>
</svg>`

async function sendPicture (room) {
  const picture = await sharp(Buffer.from(bay)).png().toBuffer()
  const attachment = await room.upload(new File([picture], 'bay.png', { type: 'image/png' }))
  await room.send('Like last year, only without the rain:', { attachmentIds: [attachment.id] })
}

/** Somebody who is there while the pictures are taken. */
async function comeIn (url, username) {
  const parley = createParley({ url })
  const isOnline = new Promise((resolve) => parley.on('state', (state) => { if (state === 'online') resolve() }))
  await parley.signIn({ username, password })
  await isOnline
  return parley
}

const find = (parley, name) => parley.rooms.joined.find(({ details }) => details?.name === name)

async function show (browser, url, bob) {
  const light = await open(browser, url, { ...desktop, colorScheme: 'light' })
  await take(light, 'sign-in')
  await signIn(light)
  await goTo(light, 'Lobby')
  find(bob, 'Lobby').startTyping()
  await light.getByText('is typing').waitFor()
  await take(light, 'room-light')
  await light.getByRole('link', { name: 'Browse rooms' }).click()
  await light.getByRole('button', { name: 'Open Lobby' }).waitFor()
  await take(light, 'directory')

  const dark = await open(browser, url, { ...desktop, colorScheme: 'dark' })
  await signIn(dark)
  await goTo(dark, 'Engineering')
  await dark.getByRole('button', { name: /^Members/ }).click()
  await dark.getByText('@dave').waitFor()
  await take(dark, 'room-dark')
  await dark.getByRole('button', { name: 'Search in this room' }).click()
  await dark.getByRole('button', { name: 'All my rooms' }).click()
  await dark.getByRole('searchbox', { name: 'Search messages' }).fill('node')
  await dark.getByRole('list', { name: 'Results' }).getByText('Carol Lindqvist').waitFor()
  await take(dark, 'search')

  const small = await open(browser, url, { ...phone, colorScheme: 'light' })
  await signIn(small)
  await small.getByRole('button', { name: 'Rooms', exact: true }).click()
  await take(small, 'phone-rooms')
  await goTo(small, 'Plans for the summer')
  await small.getByRole('button', { name: 'Picture: bay.png' }).locator('img').evaluate((image) => image.decode())
  await take(small, 'phone')
}

const dataDir = mkdtempSync(join(tmpdir(), 'parley-screenshots-'))
mkdirSync(images, { recursive: true })
const ends = [() => rmSync(dataDir, { recursive: true, force: true })]
try {
  const cluster = await startCluster({ dataDir, port: 0, env: { LOG_LEVEL: 'error' } })
  ends.push(() => cluster.stop())
  await play(cluster.url)
  const others = await Promise.all(['bob', 'carol', 'dave'].map((username) => comeIn(cluster.url, username)))
  others[2].presence.setStatus('away')
  await sendPicture(find(others[1], 'Plans for the summer'))
  ends.push(() => { for (const parley of others) parley.close() })
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', chromium.executablePath()].find((path) => path && existsSync(path))
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  ends.push(() => browser.close())
  await show(browser, cluster.url, others[0])
} finally {
  for (const end of ends.reverse()) await end()
}
