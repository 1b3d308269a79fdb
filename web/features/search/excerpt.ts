export interface Piece {
  readonly text: string
  readonly isHit: boolean
}

/** Letters before the first word that was found, so that one sees where it stands. */
const lead = 60
const longest = 220

/**
 * What of a text is shown among the results, cut around the first word that was found. All but the last word of a query
 * are found as they are, the last one at the beginning of a word.
 */
export function excerpt (text: string, query: string): Piece[] {
  const line = text.replace(/\s+/g, ' ').trim()
  const pattern = patternOf(query)
  const first = pattern ? line.search(pattern) : -1
  const start = first <= lead ? 0 : line.indexOf(' ', first - lead) + 1
  const shown = `${start > 0 ? '…' : ''}${line.slice(start, start + longest)}${line.length > start + longest ? '…' : ''}`
  if (!pattern) return [{ text: shown, isHit: false }]
  const pieces: Piece[] = []
  let at = 0
  for (const { index, 0: hit } of shown.matchAll(pattern)) {
    if (index > at) pieces.push({ text: shown.slice(at, index), isHit: false })
    pieces.push({ text: hit, isHit: true })
    at = index + hit.length
  }
  if (at < shown.length) pieces.push({ text: shown.slice(at), isHit: false })
  return pieces
}

function patternOf (query: string): RegExp | undefined {
  const words = query.match(/[\p{L}\p{N}]+/gu) ?? []
  if (words.length === 0) return undefined
  const wanted = words.map((word, index) => index === words.length - 1 ? `${word}[\\p{L}\\p{N}]*` : `${word}(?![\\p{L}\\p{N}])`)
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${wanted.join('|')})`, 'giu')
}
