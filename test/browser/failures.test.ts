import { person } from '../helpers/person.ts'
import { startMailbox } from '../recovery/mailbox.ts'
import { t } from '../suite.ts'
import { skip } from './browser.ts'
import { chooseOfMine, goTo, inList, isAt, message, nodeOf, say, sees, signIn } from './steps.ts'
import { openWorld } from './world.ts'

/** What a browser says of a server that is away, and of a network that is. */
const away = /^WebSocket connection to .* failed|net::ERR_(CONNECTION|INTERNET_DISCONNECTED|EMPTY_RESPONSE)|the server responded with a status of 50[23]/

const troubles = /The connection is lost|Reconnecting/

t.test('what a page does when something breaks or ends', { skip }, async (t) => {
  const { settings: { MAIL_URL, MAIL_FROM }, next: nextMail } = await startMailbox(t)
  const world = await openWorld(t, { MAIL_URL, MAIL_FROM })
  const alice = await world.enter(world.front, 'alice')
  const hers = (await nodeOf(alice.page).innerText()).trim()
  const bob = await world.enter(world.node(hers === 'n2' ? 'n3' : 'n2'), 'bob')
  const room = await alice.api.makeRoom({ name: 'Kitchen' })
  await bob.api.join(room)
  await Promise.all([alice, bob].map(({ page }) => goTo(page, 'Kitchen')))

  await world.step(t, 'a node is killed: by the balancer one goes on with another, without it one waits; all that is said arrives once', async () => {
    const carol = await world.enter(world.node(hers), 'carol')
    await carol.api.join(room)
    await goTo(carol.page, 'Kitchen')
    const pages = [alice, bob, carol].map(({ page }) => page)
    await say(carol.page, 'Before')
    for (const page of pages) await sees(page, 'Before')

    process.kill(world.cluster.nodes.find(({ name }) => name === hers)?.pid ?? 0, 'SIGKILL')
    await say(carol.page, 'While it was away')
    await carol.page.getByRole('status').getByText(troubles).waitFor()
    await message(carol.page, 'While it was away').getByText('Not sent yet').waitFor()
    await say(alice.page, 'And I go on')
    await alice.page.getByRole('button', { name: new RegExp(`^Connected to node (?!${hers}$)`) }).waitFor()
    await sees(bob.page, 'And I go on')

    for (const page of pages) await sees(page, 'While it was away')
    await nodeOf(carol.page, hers).waitFor()
    for (const page of pages) await page.getByText(troubles).waitFor({ state: 'hidden' })
    await say(carol.page, 'Here again')
    for (const page of pages) {
      await sees(page, 'Here again')
      for (const text of ['Before', 'While it was away', 'And I go on']) await sees(page, text)
    }
    await carol.context.close()
  })

  await world.step(t, 'offline, what one writes waits and says so, and arrives once when one is back', async () => {
    const elsewhere = { ...world.node('n1'), url: world.node('n1').url.replace('127.0.0.1', 'parley.localhost') }
    const dave = await world.enter(elsewhere, 'dave')
    await dave.api.join(room)
    await goTo(dave.page, 'Kitchen')
    await dave.context.setOffline(true)
    await dave.page.getByText('You are offline. What you write is sent when you are back.').waitFor()
    await say(dave.page, 'From the tunnel')
    await message(dave.page, 'From the tunnel').getByText('Not sent yet').waitFor()
    await say(bob.page, 'Where is dave?')
    await dave.context.setOffline(false)
    await sees(bob.page, 'From the tunnel')
    await sees(dave.page, 'Where is dave?')
    await sees(dave.page, 'From the tunnel')
    await dave.page.getByText('You are offline.').waitFor({ state: 'hidden' })
    await say(dave.page, 'Out of the tunnel')
    await sees(bob.page, 'Out of the tunnel')
    await sees(bob.page, 'From the tunnel')
    await dave.context.close()
  })

  await world.step(t, 'what waits survives the end of the page', async () => {
    const { page, context } = bob
    const address = page.url()
    await context.setOffline(true)
    await say(page, 'Not lost with the page')
    await message(page, 'Not lost with the page').getByText('Not sent yet').waitFor()
    await page.goto('about:blank')
    await context.setOffline(false)
    await page.goto(address)
    await sees(page, 'Not lost with the page')
    await sees(alice.page, 'Not lost with the page')
  })

  await world.step(t, 'a device that is signed out from another one says why', async () => {
    const phone = await world.enter(world.node('n3'), 'bob')
    await chooseOfMine(bob.page, 'Devices')
    const others = bob.page.getByRole('button', { name: /^Sign out Chrome on / })
    await others.first().waitFor()
    await others.first().click()
    await phone.page.getByText('This device was signed out from another one.').waitFor()
    await bob.page.getByText('That device is signed out.').waitFor()
    await signIn(phone.page, 'bob')
    await phone.context.close()
  })

  await world.step(t, 'two tabs agree: what is read in one is read in the other, and signing out ends both', async () => {
    const second = await bob.context.newPage()
    await second.goto(world.node('n3').url)
    await nodeOf(second).waitFor()
    await second.goto(`${world.node('n3').url}/#/directory`)
    await isAt(second, 'Browse rooms')
    await isAt(bob.page, 'Devices')
    await say(alice.page, 'Read me once')
    for (const page of [bob.page, second]) await inList(page, /^Kitchen ?, 1 unread$/).waitFor()
    await inList(second, /^Kitchen/).click()
    await sees(second, 'Read me once')
    await inList(bob.page, /^Kitchen$/).waitFor()

    await chooseOfMine(second, 'Sign out')
    await bob.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await bob.page.getByText('You signed out in another tab.').waitFor()
    await second.close()
  })

  await world.step(t, 'whoever forgot the password sets another by the link of a letter', async (t) => {
    const { page } = await world.open(world.front)
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.getByLabel('Username').fill('erin')
    await page.getByLabel('Password').fill('soon forgotten')
    await page.getByLabel('Email').fill('erin@example.com')
    await page.getByRole('button', { name: 'Make the account' }).click()
    await nodeOf(page).waitFor()
    await page.goto(linkIn((await nextMail('erin@example.com')).raw))
    await page.getByText('Your email is verified.').waitFor()

    await page.goto(`${world.front.url}/#/`)
    await chooseOfMine(page, 'Sign out')
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByLabel('Username or email').fill('erin')
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByText('a link is on its way there').waitFor()
    const link = linkIn((await nextMail('erin@example.com')).raw)
    await page.goto(link)
    await page.getByLabel('New password').fill('the password of erin')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await signIn(page, 'erin')
    t.ok(await person(world.front, 'erin'))

    await page.goto(link)
    await page.getByLabel('New password').fill('another one')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByRole('alert').waitFor()
  })

  t.same(world.complaints(away), [])
})

function linkIn (letter: string): string {
  const link = /http:\/\/localhost:\d+\/?#\/\w+\/[\w-]+/.exec(letter)?.[0]
  if (link) return link
  throw new Error(`There is no link in: ${letter}`)
}
