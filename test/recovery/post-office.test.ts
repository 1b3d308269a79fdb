import { fastify } from 'fastify'
import type { Letter } from '../../domain/letters.ts'
import { openPostOffice } from '../../plugins/mail/post-office.ts'
import { atOnce } from '../../plugins/mail/transport.ts'
import type { Ending } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

/** A post office whose letters leave once they are let go. */
function openOffice (t: Ending, mostToOne: number) {
  const left: Letter[] = []
  const outcomes: string[] = []
  let letGo = () => {}
  const end = new Promise<void>((resolve) => { letGo = resolve })
  const office = openPostOffice({
    transport: { deliver: async (letter) => { await end; left.push(letter) }, close () {} },
    publicUrl: 'https://chat.example.com',
    log: fastify().log,
    mostToOne,
    onOutcome: (kind, outcome) => { outcomes.push(`${kind} ${outcome}`) }
  })
  t.teardown(() => { letGo(); return office.close() })
  function post (kind: Letter['kind'], to: string, userId: string): void {
    office.post(kind, { to, userId }, async () => ({ kind, to, username: userId, link: '', expiresAt: '' }))
  }
  const count = (outcome: string) => outcomes.filter((one) => one === outcome).length
  return { left, post, letGo: () => { letGo() }, outcomes, count }
}

t.test('however many letters of one kind wait, those of another kind leave, and soon', async (t) => {
  const { left, post, letGo, outcomes, count } = openOffice(t, 5)
  for (let index = 0; index < 1100; index++) post('verification', `victim-${index}@example.com`, 'mallory')
  post('recovery', 'alice@example.com', 'alice')
  post('email_changed', 'bob@example.com', 'bob')
  await until('there is no room for some', () => outcomes.length >= 102 - atOnce)
  t.equal(count('verification dropped'), 102 - atOnce)

  letGo()
  await until('all have left', () => left.length === 1000 + atOnce)
  const places = ['recovery', 'email_changed'].map((kind) => left.findIndex((letter) => letter.kind === kind))
  t.ok(places.every((place) => place >= 0 && place < atOnce + 10), `they left as number ${places.join(' and ')}`)
})

t.test('accounts with the same address do not use up each other\'s letters, and together not the mailbox', async (t) => {
  const { left, post, letGo, outcomes } = openOffice(t, 2)
  letGo()
  for (const userId of ['mallory', 'alice']) for (let count = 0; count < 3; count++) post('verification', 'Alice@example.com', userId)
  await until('six are settled', () => outcomes.length === 6)
  t.same(left.map(({ username }) => username).toSorted(), ['alice', 'alice', 'mallory', 'mallory'])

  for (let index = 0; index < 20; index++) post('verification', 'alice@example.com', `mallory-${index}`)
  post('recovery', 'alice@example.com', 'alice')
  await until('all are settled', () => outcomes.length === 27)
  t.equal(left.filter(({ kind }) => kind === 'verification').length, 10)
  t.equal(left.filter(({ kind }) => kind === 'recovery').length, 1)
})
