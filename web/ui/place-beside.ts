const gap = 4
const margin = 8

/** Puts something that floats below what it belongs to, or above where there is more room, and inside the window. */
export function placeBeside (anchor: Element, floating: HTMLElement): void {
  const at = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = floating
  const isBelow = at.bottom + gap + height <= innerHeight - margin || at.top < innerHeight / 2
  const left = at.left + width <= innerWidth - margin ? at.left : at.right - width
  floating.style.left = `${Math.max(margin, left)}px`
  floating.style.top = `${Math.max(margin, isBelow ? at.bottom + gap : at.top - gap - height)}px`
}
