import { LinkifyIt } from 'linkify-it'

export type Token =
  | { readonly kind: 'text', readonly text: string }
  | { readonly kind: 'code', readonly text: string }
  | { readonly kind: 'block', readonly text: string }
  | { readonly kind: 'link', readonly text: string, readonly href: string }
  | { readonly kind: 'mention', readonly text: string, readonly userId: string }

/** Endings that make an address of words without a scheme: few, since `main.py` and `notes.md` are names of files. */
const tlds = ['com', 'org', 'net', 'edu', 'gov', 'info', 'dev', 'app', 'eu', 'de', 'fr', 'uk', 'ch', 'at', 'nl']
const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true, tlds })
const safeSchemes = /^(https?|mailto):/i

const block = /```(?:[\w+-]*\n)?([\s\S]*?\S[\s\S]*?)\n?```/g
const code = /`([^`\n]+)`/g
const mention = /(?<![\p{L}\p{N}_@])@([a-z0-9_.-]{3,32})/giu

/**
 * What a text is made of, in order. `userIds` says whom it mentions, by username in lower case; an `@word` that stands
 * for nobody there is plain text.
 */
export function tokenize (text: string, userIds: ReadonlyMap<string, string> = new Map()): Token[] {
  const plain = (part: string) => splitMentions(part, userIds)
  return split(text, block, (found) => ({ kind: 'block', text: found }), (outside) =>
    split(outside, code, (found) => ({ kind: 'code', text: found }), (words) => splitLinks(words, plain)))
}

function split (text: string, pattern: RegExp, make: (found: string) => Token, rest: (text: string) => Token[]): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) tokens.push(...rest(text.slice(at, match.index)))
    tokens.push(make(match[1] ?? ''))
    at = match.index + match[0].length
  }
  if (at < text.length) tokens.push(...rest(text.slice(at)))
  return tokens
}

function splitLinks (text: string, rest: (text: string) => Token[]): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (const { index, lastIndex, url, raw } of linkify.match(text) ?? []) {
    if (!safeSchemes.test(url)) continue
    if (index > at) tokens.push(...rest(text.slice(at, index)))
    tokens.push({ kind: 'link', text: raw, href: url })
    at = lastIndex
  }
  if (at < text.length) tokens.push(...rest(text.slice(at)))
  return tokens
}

function splitMentions (text: string, userIds: ReadonlyMap<string, string>): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (const { index, 1: name = '' } of userIds.size > 0 ? text.matchAll(mention) : []) {
    const username = longestKnown(name.toLowerCase(), userIds)
    if (username === undefined) continue
    if (index > at) tokens.push({ kind: 'text', text: text.slice(at, index) })
    at = index + 1 + username.length
    tokens.push({ kind: 'mention', text: text.slice(index, at), userId: userIds.get(username) ?? '' })
  }
  if (at < text.length) tokens.push({ kind: 'text', text: text.slice(at) })
  return tokens
}

/** A full stop or dash at the end may belong to the sentence. */
function longestKnown (name: string, userIds: ReadonlyMap<string, string>): string | undefined {
  for (let known = name; known !== ''; known = known.slice(0, -1)) {
    if (userIds.has(known)) return known
    if (!/[.-]$/.test(known)) return undefined
  }
  return undefined
}
