const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

const steps = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 }
] as const

/** "5 minutes ago", "in 2 days"; "just now" within a minute. */
export function toAgo (at: string, now = Date.now()): string {
  const ms = Date.parse(at) - now
  const step = steps.find((one) => Math.abs(ms) >= one.ms)
  return step ? relative.format(ms > 0 ? Math.ceil(ms / step.ms) : Math.trunc(ms / step.ms), step.unit) : 'just now'
}

export function toDay (at: string): string {
  return day.format(Date.parse(at))
}

export function toMoment (at: string): string {
  return moment.format(Date.parse(at))
}
