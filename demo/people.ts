/** Who is there to be. Their password is in the open: a demo is no place for secrets. */
export const password = 'parley demo'

export const people = {
  alice: 'Alice Moreau',
  bob: 'Bob Okafor',
  carol: 'Carol Lindqvist',
  dave: 'Dave Tanaka',
  erin: 'Erin Costa'
} as const

export type Username = keyof typeof people
export const usernames = Object.keys(people) as Username[]
