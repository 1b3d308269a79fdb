import { nowUs } from './clock.ts'

/** Long enough for a sentence or two. */
const length = 100

/** A message's text says who sent it and when. */
export function writeText (sender: string): string {
  return `${sender}:${nowUs()}:`.padEnd(length, '.')
}

export function readText (text: string): { sender: string, sentAtUs: number } {
  const [sender = '', sentAt] = text.split(':', 2)
  return { sender, sentAtUs: Number(sentAt) }
}
