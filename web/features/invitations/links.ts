export const lives = [
  { value: '3600', label: 'An hour' },
  { value: '86400', label: 'A day' },
  { value: '604800', label: 'A week' },
  { value: '2592000', label: '30 days' }
] as const
export type Life = typeof lives[number]['value']

export const uses = [
  { value: 'any', label: 'Anybody' },
  { value: '1', label: 'One person' },
  { value: '10', label: '10 people' },
  { value: '100', label: '100 people' }
] as const
export type Uses = typeof uses[number]['value']

/** What one sends to others: a page of this very server. */
export function linkOf (token: string, page = location): string {
  return `${page.origin}${page.pathname}#/invitation/${token}`
}
