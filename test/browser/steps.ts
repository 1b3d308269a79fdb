import type { Locator, Page } from 'playwright-core'

/** Fills in the page for signing in, and waits until it is gone. */
export async function signIn (page: Page, username: string, password = `the password of ${username}`): Promise<void> {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor({ state: 'detached' })
}

/** Which node the page says it is connected to. */
export function nodeOf (page: Page, name = ''): Locator {
  return page.getByRole('button', { name: `Connected to node ${name}` })
}

export function composer (page: Page): Locator {
  return page.getByRole('textbox', { name: /^Message / })
}

export async function say (page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}

/** The messages of the conversation with this text. Waiting for one fails where there are two. */
export function message (page: Page, text: string | RegExp): Locator {
  return page.getByRole('log').getByRole('article').filter({ hasText: text })
}

/** Waits until it is there as something that was sent. */
export async function sees (page: Page, text: string | RegExp): Promise<void> {
  await message(page, text).filter({ hasNotText: 'Not sent yet' }).waitFor()
}

/** Presses one of the buttons that a message has while it is pointed at. */
export async function act (page: Page, text: string, button: string): Promise<void> {
  const found = message(page, text)
  await found.hover()
  await found.getByRole('toolbar').getByRole('button', { name: button, exact: true }).click()
}

/** Where one is: the heading of the page. */
export async function isAt (page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
}

/** A room in the list at the side, with whatever it says about what is unread. */
export function inList (page: Page, title: string | RegExp): Locator {
  return page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: title })
}

export async function goTo (page: Page, title: string): Promise<void> {
  await inList(page, title).click()
  await isAt(page, title)
}

export async function makeRoom (page: Page, name: string, kind: 'Public' | 'Private' = 'Public'): Promise<void> {
  await page.getByRole('button', { name: 'Create a room' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create a room' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('radio', { name: kind }).check()
  await dialog.getByRole('button', { name: 'Create', exact: true }).click()
  await isAt(page, name)
}

/** Opens the menu of whoever is signed in, and chooses from it. */
export async function chooseOfMine (page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: /^You, / }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}
