const one = String.raw`(?:\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\uFE0F|\p{EMod})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{EMod})?)*[\u{E0020}-\u{E007F}]*)`
const few = new RegExp(`^(?:${one}\\s*){1,6}$`, 'u')

/** Whether a text is nothing but a few emoji, to be shown large. */
export function isEmojiOnly (text: string): boolean {
  return text.length <= 120 && few.test(text.trim())
}
