import type { Username } from './people.ts'

/** Somebody says something; `to` is the number of the line that it answers, counted from 0. */
export interface Line {
  by: Username
  text: string
  to?: number
  /** Who thinks so too, and how they say it. */
  reactions?: [Username, string][]
}

export interface Scene {
  /** The first of them makes the room. */
  members: Username[]
  lines: Line[]
}

export interface RoomScene extends Scene {
  name: string
  kind: 'public' | 'private'
  topic: string
}

export const rooms: RoomScene[] = [
  {
    name: 'Lobby',
    kind: 'public',
    topic: 'Everybody comes through here',
    members: ['alice', 'bob', 'carol', 'dave', 'erin'],
    lines: [
      { by: 'alice', text: 'Welcome! This is a Parley of your own, on three nodes.', reactions: [['bob', '👋'], ['carol', '👋'], ['dave', '🎉']] },
      { by: 'bob', text: 'Open it in two browsers and sign in as two of us: what one says, the other sees, whichever node they are on.' },
      { by: 'carol', text: 'And then stop one of the nodes in the middle of a sentence. Nothing is lost, and nobody is shown offline.', to: 1, reactions: [['alice', '💯']] },
      { by: 'erin', text: 'I did. The sentence finished itself.' },
      { by: 'dave', text: 'How do I find an old message?' },
      { by: 'alice', text: 'With the lens at the top right. @dave, you can also call somebody by name, like this.', to: 4, reactions: [['dave', '👀']] }
    ]
  },
  {
    name: 'Engineering',
    kind: 'public',
    topic: 'How it is built, and what broke',
    members: ['bob', 'alice', 'dave'],
    lines: [
      { by: 'bob', text: 'The smallest client there is:\n```js\nconst socket = io()\nsocket.on(\'room:events\', ({ events }) => console.log(events))\n```', reactions: [['alice', '✨']] },
      { by: 'dave', text: 'And when the connection breaks?' },
      { by: 'bob', text: 'Ask for what came after the last seq: `room:sync`. The SDK does it for you. All of it is at /docs.', to: 1 },
      { by: 'alice', text: 'I killed Redis three times this morning. `npm run prove` does it more often: nothing was lost.', reactions: [['bob', '😅'], ['dave', '👍']] }
    ]
  },
  {
    name: 'Plans for the summer',
    kind: 'private',
    topic: 'Only those who were invited',
    members: ['carol', 'alice', 'erin'],
    lines: [
      { by: 'carol', text: 'The boat is booked for the second week of July.', reactions: [['erin', '⛵'], ['alice', '❤️']] },
      { by: 'erin', text: 'I bring the maps, who brings the tea?' },
      { by: 'alice', text: 'Me. As always.', to: 1 }
    ]
  }
]

export const direct: Scene[] = [
  {
    members: ['alice', 'bob'],
    lines: [
      { by: 'bob', text: 'Lunch?' },
      { by: 'alice', text: 'In ten minutes.', reactions: [['bob', '🍜']] }
    ]
  }
]
