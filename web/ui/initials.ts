export const shades = 8

/** One of the avatar's colours, always the same for an id. */
export function shadeOf (id: string): number {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return sum % shades
}

/** At most two letters: of the first word and the last. */
export function initialsOf (name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => word !== '')
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words
  return letters.map((word) => [...word ?? ''][0] ?? '').join('').toLocaleUpperCase() || '?'
}
