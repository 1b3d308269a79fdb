const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })

export function toClock (at: string): string {
  return clock.format(new Date(at))
}

/** All of it, for a tooltip. */
export function toFullTime (at: string): string {
  return full.format(new Date(at))
}

/** Names a day of the viewer's calendar: equal for times of the same day. */
export function dayKey (at: string): string {
  return new Date(at).toDateString()
}

export function toDay (at: string, now = new Date()): string {
  const date = new Date(at)
  const yesterday = new Date(now)
  yesterday.setDate(now.getDate() - 1)
  if (date.toDateString() === now.toDateString()) return 'Today'
  if (date.toDateString() === yesterday.toDateString()) return 'Yesterday'
  return date.getFullYear() === now.getFullYear() ? day.format(date) : dayOfYear.format(date)
}

/** The time of day for today; for other days the day as well. */
export function toShortTime (at: string, now = new Date()): string {
  return dayKey(at) === now.toDateString() ? toClock(at) : short.format(new Date(at))
}
