import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { person } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { skip } from './browser.ts'
import { act, chooseOfMine, composer, goTo, inList, isAt, makeRoom, message, nodeOf, say, sees, signIn } from './steps.ts'
import { openWorld } from './world.ts'

/** Runs in the page, when the picture is there. */
async function widthOf (image: { decode: () => Promise<void>, naturalWidth: number }): Promise<number> {
  await image.decode()
  return image.naturalWidth
}

t.test('alice and bob, in two browsers on two nodes', { skip }, async (t) => {
  const world = await openWorld(t)
  const [{ page: alice }, { page: bob }] = await Promise.all([world.open(world.node('n1')), world.open(world.node('n2'))])

  await world.step(t, 'they make accounts; bob signs out, and in again', async () => {
    await Promise.all(([['alice', 'Alice', alice], ['bob', 'Bob', bob]] as const).map(async ([username, name, page]) => {
      await page.getByRole('button', { name: 'Make an account' }).click()
      await page.getByLabel('Your name').fill(name)
      await page.getByLabel('Username').fill(username)
      await page.getByLabel('Password').fill(`the password of ${username}`)
      await page.getByRole('button', { name: 'Make the account' }).click()
      await page.getByRole('heading', { name: `Welcome, ${name}` }).waitFor()
    }))
    await nodeOf(alice, 'n1').waitFor()
    await nodeOf(bob, 'n2').waitFor()
    await chooseOfMine(bob, 'Sign out')
    await bob.getByLabel('Username').fill('bob')
    await bob.getByLabel('Password').fill('not his password')
    await bob.getByRole('button', { name: 'Sign in', exact: true }).click()
    await bob.getByRole('alert').waitFor()
    await signIn(bob, 'bob')
  })

  await world.step(t, 'alice makes a public room, and bob finds it in the directory', async () => {
    await makeRoom(alice, 'Kitchen')
    await bob.getByRole('link', { name: 'Browse rooms' }).click()
    await bob.getByLabel('Find a room').fill('Kit')
    await bob.getByRole('button', { name: 'Join Kitchen' }).click()
    await isAt(bob, 'Kitchen')
    await alice.getByText('Bob joined').waitFor()
  })

  await world.step(t, 'what one types and says, the other sees at once', async () => {
    await composer(bob).pressSequentially('Is there ')
    await alice.getByText('Bob is typing…').waitFor()
    await composer(bob).pressSequentially('any bread?')
    await composer(bob).press('Enter')
    await sees(alice, 'Is there any bread?')
    await alice.getByText('Bob is typing…').waitFor({ state: 'hidden' })
    await say(alice, 'Two loafs')
    await sees(bob, 'Two loafs')
  })

  await world.step(t, 'a message is edited, answered, reacted to and deleted', async () => {
    await act(alice, 'Two loafs', 'Edit')
    await alice.getByRole('textbox', { name: 'Edit the message' }).fill('Two loaves')
    await alice.getByRole('button', { name: 'Save' }).click()
    await message(bob, 'Two loaves').getByText('(edited)').waitFor()

    await act(bob, 'Two loaves', 'Reply')
    await bob.getByText('Reply to Alice: Two loaves').waitFor()
    await say(bob, 'I take one')
    await message(alice, 'I take one').getByRole('button', { name: /^In reply to .*Alice.*Two loaves/ }).waitFor()

    await act(alice, 'I take one', 'React with 👍')
    await message(bob, 'I take one').getByRole('button', { name: '👍 1, Alice' }).click()
    await message(alice, 'I take one').getByRole('button', { name: /^👍 2, / }).click()
    await message(bob, 'I take one').getByRole('button', { name: '👍 1, you' }).waitFor()

    await act(bob, 'I take one', 'Add a reaction')
    await bob.getByRole('searchbox', { name: 'Search emoji' }).fill('croissant')
    await bob.getByRole('dialog', { name: 'Emoji' }).getByRole('gridcell', { name: 'croissant' }).click()
    await message(alice, 'I take one').getByRole('button', { name: '🥐 1, Bob' }).waitFor()

    await act(bob, 'Is there any bread?', 'Delete')
    await bob.getByRole('dialog', { name: 'Delete this message?' }).getByRole('button', { name: 'Delete', exact: true }).click()
    await message(alice, 'This message was deleted.').waitFor()
  })

  await world.step(t, 'somebody who is elsewhere is called by a mention, and finds the line where it is new', async () => {
    await bob.getByRole('link', { name: 'Browse rooms' }).click()
    await isAt(bob, 'Browse rooms')
    await say(alice, 'This was said while nobody looked')
    await inList(bob, /^Kitchen ?, 1 unread$/).waitFor()
    await composer(alice).fill('Where are you, @bo')
    await alice.getByRole('option', { name: 'Bob @bob' }).waitFor()
    await composer(alice).press('Enter')
    await composer(alice).pressSequentially('then?')
    await composer(alice).press('Enter')
    await inList(bob, /^Kitchen ?, 1 mention/).waitFor()
    await bob.waitForFunction('document.title.startsWith("(1) ")')
    await goTo(bob, 'Kitchen')
    await bob.getByText('New', { exact: true }).waitFor()
    await message(bob, 'Where are you, @Bob then?').waitFor()
    await inList(bob, /^Kitchen$/).waitFor()
  })

  await world.step(t, 'a picture is seen small and large, and a file is downloaded, by the other', async (t) => {
    const picture = await sharp({ create: { width: 1600, height: 900, channels: 3, background: '#3b7dd8' } }).png().toBuffer()
    await alice.getByLabel('Files', { exact: true }).setInputFiles([
      { name: 'sea.png', mimeType: 'image/png', buffer: picture },
      { name: 'recipe.txt', mimeType: 'text/plain', buffer: Buffer.from('flour, water, salt') }
    ])
    const tray = alice.getByRole('list', { name: 'Files of this message' })
    await tray.getByText(/^\d+ (bytes|B|kB)$/).nth(1).waitFor()
    await say(alice, 'From the sea')
    const arrived = message(bob, 'From the sea')
    const thumbnail = arrived.getByRole('button', { name: 'Picture: sea.png' })
    await thumbnail.waitFor()
    const width = await thumbnail.locator('img').evaluate(widthOf)
    t.ok(width > 0 && width < 1600, `a thumbnail, ${width} wide`)
    await thumbnail.click()
    const large = bob.getByRole('dialog', { name: 'Picture: sea.png' })
    t.equal(await large.locator('img').evaluate(widthOf), 1600)
    await bob.keyboard.press('Escape')
    await large.waitFor({ state: 'detached' })
    const [download] = await Promise.all([bob.waitForEvent('download'), arrived.getByRole('link', { name: /recipe\.txt/ }).click()])
    t.equal(download.suggestedFilename(), 'recipe.txt')
    t.equal(await readFile(await download.path(), 'utf8'), 'flour, water, salt')
  })

  await world.step(t, 'bob finds what was said long ago, and goes there', async () => {
    const carol = await person(world.front, 'carol')
    const room = (await carol.get('/rooms/directory')).body.rooms[0]
    if (!room) throw new Error('There is no public room.')
    await carol.join(room)
    await carol.send(room, 'The marmalade is behind the flour')
    for (let number = 0; number < 80; number++) await carol.send(room, `talk ${number}`)
    await sees(bob, 'talk 79')
    await bob.getByRole('button', { name: 'Search in this room' }).click()
    await bob.getByRole('searchbox', { name: 'Search messages' }).fill('flour marma')
    await bob.getByRole('list', { name: 'Results' }).getByRole('link').click()
    await message(bob, 'The marmalade is behind the flour').waitFor()
    await message(bob, 'talk 79').waitFor({ state: 'hidden' })
    await bob.getByRole('button', { name: 'To the newest' }).click()
    await sees(bob, 'talk 79')
  })

  await world.step(t, 'alice invites bob by a link into a private room that nobody else finds', async () => {
    await makeRoom(alice, 'Attic', 'Private')
    await bob.getByRole('link', { name: 'Browse rooms' }).click()
    await bob.getByRole('button', { name: 'Open Kitchen' }).waitFor()
    await bob.getByRole('button', { name: /Attic$/ }).waitFor({ state: 'detached' })
    await alice.getByRole('button', { name: 'Members (1)' }).click()
    await alice.getByRole('button', { name: 'Invite' }).click()
    await alice.getByRole('button', { name: 'Make a link' }).click()
    const link = await alice.getByRole('textbox', { name: 'The link' }).inputValue()
    await alice.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await bob.goto(`${world.node('n2').url}/${new URL(link).hash}`)
    await bob.getByRole('button', { name: 'Join Attic' }).click()
    await isAt(bob, 'Attic')
    await say(bob, 'It is warm up here')
    await sees(alice, 'It is warm up here')
  })

  await world.step(t, 'alice makes bob an admin, and then removes him', async () => {
    const menu = alice.getByRole('button', { name: 'What to do about Bob' })
    await menu.click()
    await alice.getByRole('menuitem', { name: 'Make admin' }).click()
    await bob.getByText('Alice made Bob an admin').waitFor()
    await bob.getByRole('button', { name: /^Members/ }).click()
    await bob.getByRole('complementary', { name: 'Members' }).getByText('Admin', { exact: true }).waitFor()
    await menu.click()
    await alice.getByRole('menuitem', { name: 'Remove from room' }).click()
    await alice.getByRole('dialog', { name: 'Remove Bob?' }).getByRole('button', { name: 'Remove' }).click()
    await bob.getByText('You are not in this room').waitFor()
    await inList(bob, 'Attic').waitFor({ state: 'detached' })
    await alice.getByRole('button', { name: 'Members (1)' }).waitFor()
  })

  await world.step(t, 'bob writes to alice alone, and each sees whether the other is there', async () => {
    await bob.getByRole('button', { name: 'Message somebody' }).click()
    await bob.getByRole('combobox', { name: 'People' }).fill('ali')
    await bob.getByRole('option', { name: /Alice/ }).click()
    await isAt(bob, 'Alice')
    await say(bob, 'Between you and me')
    await inList(alice, /Bob ?, 1 unread$/).waitFor()
    await inList(alice, /Bob/).click()
    await sees(alice, 'Between you and me')
    await inList(alice, /^\S* ?\(online\) ?Bob$/).waitFor()
    await chooseOfMine(bob, 'Sign out')
    await inList(alice, /\(offline\) ?Bob$/).waitFor()
    await alice.getByText(/^seen /).waitFor()
    await signIn(bob, 'bob')
    await inList(alice, /\(online\) ?Bob$/).waitFor()
  })

  await world.step(t, 'alice takes another name, and bob sees it', async () => {
    await chooseOfMine(alice, 'Profile')
    await alice.getByLabel('Display name').fill('Alice Moreau')
    await alice.getByRole('button', { name: 'Save name' }).click()
    await alice.getByRole('button', { name: /^You, .*Alice Moreau/ }).waitFor()
    await bob.reload()
    await inList(bob, /Alice Moreau/).waitFor()
  })

  await world.step(t, 'alice archives the room: all read it, and nobody writes', async () => {
    await goTo(bob, 'Kitchen')
    await goTo(alice, 'Kitchen')
    await alice.getByRole('button', { name: 'About this room' }).click()
    await alice.getByRole('button', { name: 'Archive' }).click()
    await bob.getByText('This room is archived: it can be read, not written to.').waitFor()
    await composer(bob).waitFor({ state: 'detached' })
    await alice.getByRole('button', { name: 'Bring back from the archive' }).click()
    await composer(bob).waitFor()
  })

  t.same(world.complaints(), [])
})
