import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { people } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { skip } from './browser.ts'
import { chooseOfMine, composer, goTo, inList, isAt, message, nodeOf, say, sees } from './steps.ts'
import { openWorld } from './world.ts'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  impact: string
  nodes: Array<{ html: string, failureSummary: string }>
}

/** What axe calls serious or critical on the page as it is now. The script comes from outside: the page's own policy allows none. */
async function findBarriers (page: Page, where: string): Promise<string[]> {
  await page.evaluate(`globalThis.axe || (() => { ${axe} })()`)
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run(document, { resultTypes: ["violations"] })')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${where}: ${id}: ${html.slice(0, 200)}: ${failureSummary}`))
}

t.test('everybody can use it', { skip }, async (t) => {
  const world = await openWorld(t)
  const [maker, bob] = await people(world.front, 'alice', 'bob')
  const room = await maker.makeRoom({ name: 'Kitchen', topic: 'What there is to eat' })
  await bob.join(room)
  await bob.send(room, 'Look, @alice: https://example.com and `code`\n```\nlet bread = 2\n```')
  await maker.makeRoom({ name: 'Attic', kind: 'private' })
  const alice = await world.enter(world.node('n1'), 'alice')

  for (const theme of ['light', 'dark'] as const) {
    await world.step(t, `axe finds nothing serious on any page, in ${theme}`, async (t) => {
      const { page } = alice
      const found: string[] = []
      const look = async (where: string, page = alice.page) => { found.push(...await findBarriers(page, where)) }
      const closeDialog = async () => {
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }

      await chooseOfMine(page, 'Preferences')
      await page.getByText(theme === 'dark' ? 'Dark' : 'Light', { exact: true }).click()
      await page.locator(`html[data-theme=${theme}]`).waitFor()
      await look('preferences')
      await chooseOfMine(page, 'Profile')
      await isAt(page, 'Profile')
      await look('profile')
      await chooseOfMine(page, 'Devices')
      await page.getByText('This device').waitFor()
      await look('devices')
      await page.getByRole('link', { name: 'Browse rooms' }).click()
      await page.getByRole('button', { name: 'Open Kitchen' }).waitFor()
      await look('directory')

      await goTo(page, 'Kitchen')
      await say(page, `Answered in ${theme}`)
      await sees(page, `Answered in ${theme}`)
      await look('room')
      await message(page, 'Look,').hover()
      await look('room with the tools of a message')
      await message(page, 'Look,').getByRole('button', { name: 'Add a reaction' }).first().click()
      await page.getByRole('gridcell').first().waitFor()
      await look('emoji')
      await page.keyboard.press('Escape')
      await composer(page).fill('@bo')
      await page.getByRole('option', { name: /bob/ }).waitFor()
      await look('completion')
      await composer(page).fill('')
      await page.getByRole('button', { name: 'Members (2)' }).click()
      await page.getByRole('button', { name: 'What to do about bob' }).click()
      await page.getByRole('menuitem', { name: 'Make admin' }).waitFor()
      await look('members')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Invite' }).click()
      await page.getByRole('button', { name: 'Make a link' }).click()
      await page.getByRole('textbox', { name: 'The link' }).waitFor()
      await look('invite')
      await closeDialog()
      await page.getByRole('button', { name: 'About this room' }).click()
      await page.getByRole('complementary', { name: 'About this room' }).waitFor()
      await look('details')
      await page.getByRole('button', { name: 'Search in this room' }).click()
      await page.getByRole('searchbox', { name: 'Search messages' }).fill('answered')
      await page.getByRole('list', { name: 'Results' }).waitFor()
      await look('search')
      await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click()

      await page.getByRole('button', { name: 'Create a room' }).click()
      await look('create a room')
      await closeDialog()
      await page.getByRole('button', { name: 'Message somebody' }).click()
      await page.getByRole('combobox').fill('bob')
      await page.getByRole('option', { name: /bob/ }).waitFor()
      await look('message somebody')
      await closeDialog()
      await page.keyboard.press('Control+k')
      await page.getByRole('option').first().waitFor()
      await look('quick switcher')
      await closeDialog()
      await nodeOf(page).click()
      await page.getByText('You are here').waitFor()
      await look('nodes')
      await closeDialog()

      const { page: out, context } = await world.open(world.node('n2'), { colorScheme: theme })
      await out.getByLabel('Username').waitFor()
      await look('sign in', out)
      await out.getByRole('button', { name: 'Make an account' }).click()
      await look('register', out)
      await out.goto(`${world.node('n2').url}/#/recovery`)
      await out.getByLabel('Username or email').waitFor()
      await look('recovery', out)
      await out.goto(`${world.node('n2').url}/#/recovery/${'x'.repeat(43)}`)
      await out.getByLabel('New password').waitFor()
      await look('new password', out)
      await context.close()
      t.same(found, [])
    })
  }

  await world.step(t, 'without a mouse one goes to a room, writes, changes it, and goes through the messages', async () => {
    const { page } = alice
    await page.reload()
    await composer(page).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('atti')
    await page.getByRole('option', { name: 'Attic', selected: true }).waitFor()
    await page.keyboard.press('Enter')
    await isAt(page, 'Attic')
    await page.getByRole('textbox', { name: 'Message Attic' }).and(page.locator(':focus')).waitFor()
    await page.keyboard.type('By hand')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('alone')
    await page.keyboard.press('Enter')
    await sees(page, /By hand\s+alone/)
    await page.keyboard.press('ArrowUp')
    await page.getByRole('textbox', { name: 'Edit the message' }).waitFor()
    await page.keyboard.type(', at last')
    await page.keyboard.press('Enter')
    await message(page, 'alone, at last').getByText('(edited)').waitFor()
    await page.keyboard.type('A second one')
    await page.keyboard.press('Enter')
    await sees(page, 'A second one')

    // From where one writes back into the conversation, to the buttons of a message, and back.
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Shift+Tab')
    await focusOn(page, '[role=toolbar] button')
    await page.keyboard.press('Escape')
    await focusOn(page, 'article')
    await page.keyboard.press('ArrowUp')
    await message(page, 'alone, at last').and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await message(page, 'alone, at last').getByRole('button', { name: /^👍 1/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await composer(page).and(page.locator(':focus')).waitFor()
  })

  await world.step(t, 'on a phone the rooms are in a drawer, and nothing is wider than the window', async (t) => {
    const { page, context } = await world.enter(world.node('n3'), 'alice', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
    const overflow = () => page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    await composer(page).waitFor()
    await page.getByRole('button', { name: 'Rooms', exact: true }).click()
    await inList(page, 'Kitchen').click()
    await isAt(page, 'Kitchen')
    await inList(page, 'Attic').waitFor({ state: 'hidden' })
    await composer(page).fill('From a phone')
    await page.getByRole('button', { name: 'Send' }).click()
    await sees(page, 'From a phone')
    t.equal(await overflow(), 0, 'the room')
    await page.getByRole('button', { name: 'Members (2)' }).click()
    await page.getByText('@bob').waitFor()
    t.equal(await overflow(), 0, 'the members')
    t.same(await findBarriers(page, 'members on a phone'), [])
    await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Rooms', exact: true }).click()
    t.same(await findBarriers(page, 'drawer'), [])
    await page.getByRole('button', { name: 'Close the list of rooms' }).click({ position: { x: 350, y: 300 } })
    await page.getByRole('button', { name: 'Close the list of rooms' }).waitFor({ state: 'detached' })
    await context.close()
  })

  await world.step(t, 'the theme is that of the machine until one chooses, and stays chosen', async () => {
    const { page } = alice
    await page.locator('html[data-theme=dark]').waitFor()
    await page.emulateMedia({ colorScheme: 'light' })
    await chooseOfMine(page, 'Preferences')
    await page.locator('html[data-theme=dark]').waitFor()
    await page.getByText('As the system', { exact: true }).click()
    await page.locator('html[data-theme=light]').waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.locator('html[data-theme=dark]').waitFor()
  })

  t.same(world.complaints(), [])
})

async function focusOn (page: Page, selector: string): Promise<void> {
  await page.locator(selector).and(page.locator(':focus')).waitFor()
}
