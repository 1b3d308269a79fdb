const colours = { calls: '#e5484d', unread: '#f5a524' }

let plain: string | undefined

/** A dot on the icon of the tab, where something waits. */
export function showFaviconBadge (what: keyof typeof colours | undefined): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  if (!link) return
  plain ??= link.href
  link.href = what ? badged(colours[what]) : plain
}

function badged (colour: string): string {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#5155d6"/>' +
    '<path d="M9 8.5h14a2.5 2.5 0 0 1 2.5 2.5v8a2.5 2.5 0 0 1-2.5 2.5h-6.2L11 26v-4.5H9A2.5 2.5 0 0 1 6.5 19v-8A2.5 2.5 0 0 1 9 8.5z" fill="#fff"/>' +
    `<circle cx="24.5" cy="7.5" r="7" fill="${colour}"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
