import dataUrl from 'emojibase-data/en/data.json?url'
import messagesUrl from 'emojibase-data/en/messages.json?url'
import type { EmojiData, EmojiDataResolver } from 'frimousse'

interface BaseEmoji {
  label: string
  emoji: string
  version: number
  group?: number
  tags?: string[]
  tone?: number | number[]
  skins?: Array<{ emoji: string, tone?: number | number[] }>
}

interface BaseMessages {
  groups: Array<{ order: number, message: string }>
  skinTones: Array<{ key: Tone, message: string }>
}

type Tone = keyof EmojiData['skinTones']

/** In the order in which Emojibase counts them, from one. */
const tones = ['light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const satisfies Tone[]
/** Parts of other emoji, nothing by themselves. */
const componentGroup = 2
/** What phones and desktops of the last years can draw. */
const newestVersion = 15

/** The emoji of Unicode with English names, from this server. */
export const resolveEmoji: EmojiDataResolver = async (locale, { signal }) => {
  const [all, { groups, skinTones }] = await Promise.all([load<BaseEmoji[]>(dataUrl, signal), load<BaseMessages>(messagesUrl, signal)])
  return {
    locale,
    emojis: all.flatMap(({ emoji, group, label, version, tags = [], skins }) => {
      if (group === undefined || group === componentGroup || version > newestVersion) return []
      return [{ emoji, category: group, label, version, tags, skins: skins && skinsOf(skins) }]
    }),
    categories: groups.filter(({ order }) => order !== componentGroup).map(({ order, message }) => ({ index: order, label: toTitle(message) })),
    skinTones: Object.fromEntries(skinTones.map(({ key, message }) => [key, message])) as EmojiData['skinTones']
  }
}

async function load<T> (url: string, signal: AbortSignal | undefined): Promise<T> {
  const response = await fetch(url, { signal: signal ?? null })
  if (!response.ok) throw new Error('The emoji could not be loaded.')
  return await response.json() as T
}

/** One of each tone; pairs of different tones are left to those who search for them. */
function skinsOf (skins: NonNullable<BaseEmoji['skins']>): Record<Tone, string> | undefined {
  const found = skins.flatMap(({ emoji, tone }) => typeof tone === 'number' && tones[tone - 1] ? [[tones[tone - 1], emoji] as const] : [])
  return found.length === tones.length ? Object.fromEntries(found) as Record<Tone, string> : undefined
}

function toTitle (text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
