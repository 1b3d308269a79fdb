import t from 'tap'
import { completeMention, findMention, rankPeople } from '../../web/features/conversation/composer/completion.ts'
import { createDrafts, forgetDrafts } from '../../web/features/conversation/composer/drafts.ts'
import { isEmojiOnly } from '../../web/features/conversation/text/emoji-only.ts'
import { describeTyping, joinNames } from '../../web/features/conversation/text/names.ts'
import { toSize } from '../../web/features/conversation/text/size.ts'
import { toDay } from '../../web/features/conversation/text/times.ts'
import { tokenize } from '../../web/features/conversation/text/tokens.ts'
import { excerpt } from '../../web/features/search/excerpt.ts'

const kinds = (text: string, ids?: ReadonlyMap<string, string>) => tokenize(text, ids).map(({ kind, text }) => `${kind}:${text}`)
const bob = new Map([['bob', 'id-of-bob'], ['j.r', 'id-of-j.r']])

t.test('links are found, with schemes of ours only', async (t) => {
  t.same(tokenize('see https://example.com/a?b=1.'), [
    { kind: 'text', text: 'see ' },
    { kind: 'link', text: 'https://example.com/a?b=1', href: 'https://example.com/a?b=1' },
    { kind: 'text', text: '.' }
  ])
  t.match(tokenize('www.example.com'), [{ kind: 'link', href: 'http://www.example.com' }])
  t.match(tokenize('bob@example.com', bob), [{ kind: 'link', href: 'mailto:bob@example.com' }])
  for (const scheme of ['javascript', 'ftp', 'data', 'file']) t.same(kinds(`${scheme}:alert(1)`), [`text:${scheme}:alert(1)`])
  for (const text of ['ftp://host/x', 'file:///etc']) t.same(kinds(text), [`text:${text}`])
  t.same(kinds('main.py and notes.md'), ['text:main.py and notes.md'])
})

t.test('nothing within code is anything else', async (t) => {
  t.same(kinds('run `npm i @bob` now', bob), ['text:run ', 'code:npm i @bob', 'text: now'])
  t.same(kinds('```js\nhttps://example.com `x`\n```'), ['block:https://example.com `x`'])
  t.same(kinds('a ` that stays alone'), ['text:a ` that stays alone'])
  t.same(kinds('``` open'), ['text:``` open'])
})

t.test('those who are mentioned are found, in any case, and without the full stop behind them', async (t) => {
  t.same(kinds('Hi @Bob.', bob), ['text:Hi ', 'mention:@Bob', 'text:.'])
  t.same(kinds('@j.r. and @carol', bob), ['mention:@j.r', 'text:. and @carol'])
  t.same(kinds('a@bob @bobby', bob), ['text:a@bob @bobby'])
  t.match(tokenize('@bob', bob), [{ userId: 'id-of-bob' }])
})

t.test('a few emoji and nothing else are large', async (t) => {
  for (const text of ['🎉', '👍🏽 👍', '👩‍👩‍👧', '🇩🇪🇫🇷', '❤️', '1️⃣']) t.ok(isEmojiOnly(text), text)
  for (const text of ['1', 'a 🎉', '', '#', '🎉'.repeat(9)]) t.notOk(isEmojiOnly(text), text)
})

t.test('a mention is completed where it is written', async (t) => {
  t.same(findMention('hello @bo and', 9), { start: 6, query: 'bo' })
  t.equal(findMention('mail bob@exam', 13), undefined, 'not in an address')
  t.same(findMention('@', 1), { start: 0, query: '' })
  t.same(completeMention('hello @bo and', 9, { start: 6, query: 'bo' }, 'bob'), { text: 'hello @bob and', caret: 10 })
  t.same(completeMention('@b', 2, { start: 0, query: 'b' }, 'bob'), { text: '@bob ', caret: 5 })
})

t.test('names that begin with what was written come first', async (t) => {
  const people = [['jacob', 'Jacob B'], ['bob', 'Robert'], ['carol', 'Carol Bobson'], ['dave', 'Dave']]
    .map(([username = '', displayName = '']) => ({ id: username, username, displayName }))
  t.same(rankPeople(people, 'bob').map(({ username }) => username), ['bob', 'carol'])
  t.same(rankPeople(people, 'ob').map(({ username }) => username), ['jacob', 'bob'])
  t.equal(rankPeople(people, '').length, 4)
})

t.test('whoever signs out leaves no draft to the next one', (t) => {
  const items: Record<string, string> = { 'parley:draft:u1:r1': '{"text":"a secret"}', 'parley:draft:u2:r1': '{}', theme: 'dark' }
  const storage = Object.defineProperty(items, 'removeItem', { value: (key: string) => Reflect.deleteProperty(items, key) })
  forgetDrafts(storage as unknown as Storage)
  t.same(Object.keys(items), ['theme'])
  t.end()
})

t.test('drafts are of a person and a room', async (t) => {
  const stored = new Map<string, string>()
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => { stored.set(key, value) },
    removeItem: (key: string) => { stored.delete(key) }
  }
  createDrafts(storage, 'alice').write('kitchen', { text: 'half a', replyTo: 7 })
  t.same(createDrafts(storage, 'alice').read('kitchen'), { text: 'half a', replyTo: 7 })
  t.same(createDrafts(storage, 'bob').read('kitchen'), { text: '', replyTo: undefined })
  stored.set('parley:draft:alice:kitchen', '{nonsense')
  t.same(createDrafts(storage, 'alice').read('kitchen'), { text: '', replyTo: undefined })
  createDrafts(storage, 'alice').write('kitchen', { text: '', replyTo: undefined })
  t.equal(stored.size, 0)
})

t.test('names, sizes and days in words', async (t) => {
  t.equal(joinNames(['Alice', 'Bob']), 'Alice and Bob')
  t.equal(joinNames(['Alice', 'Bob', 'Carol', 'Dave', 'Erin']), 'Alice, Bob, Carol and 2 others')
  t.equal(describeTyping([]), '')
  t.equal(describeTyping(['Alice']), 'Alice is typing…')
  t.equal(describeTyping(['Alice', 'Bob']), 'Alice and Bob are typing…')
  t.equal(describeTyping(['a', 'b', 'c', 'd']), 'Several people are typing…')
  t.same([12, 1500, 10_400_000].map(toSize), ['12 B', '1.5 kB', '10 MB'])
  const now = new Date(2026, 4, 20, 12)
  t.equal(toDay(new Date(2026, 4, 20, 1).toISOString(), now), 'Today')
  t.equal(toDay(new Date(2026, 4, 19, 23).toISOString(), now), 'Yesterday')
  t.match(toDay(new Date(2024, 4, 19).toISOString(), now), /2024/)
})

t.test('what was found is marked: whole words, the last by its beginning', async (t) => {
  const marked = (text: string, query: string) => excerpt(text, query).map(({ text, isHit }) => isHit ? `[${text}]` : text).join('')
  t.equal(marked('The birthday cake is a cake', 'birthday ca'), 'The [birthday] [cake] is a [cake]')
  t.equal(marked('birthdays and birthday', 'birthday x'), 'birthdays and [birthday]')
  t.equal(marked('nothing here', '(.*'), 'nothing here')
  t.match(marked(`${'word '.repeat(60)}needle ${'word '.repeat(60)}`, 'needle'), /^….*\[needle\].*…$/)
})
