import { escape } from '../../prove/report/escape.ts'

export interface Series {
  label: string
  /** One for each second; a null is a gap. */
  values: Array<number | null>
}

export interface Chart {
  title: string
  unit: string
  series: Series[]
  /** For values that lie far apart. */
  isLogarithmic?: boolean
}

const width = 1060
const height = 200
const left = 58
const right = 8
const top = 8
const bottom = 22

interface Scale {
  x: (second: number) => number
  y: (value: number) => number
  ticks: number[]
}

/** Lines over seconds, as an SVG that needs nothing beside itself; the page has colours for `s0` to `s7`. */
export function drawChart ({ title, unit, series, isLogarithmic = false }: Chart): string {
  const values = series.flatMap((each) => each.values.filter((value) => value !== null))
  const seconds = Math.max(2, ...series.map((each) => each.values.length))
  const scale = isLogarithmic ? logarithmic(values, seconds) : linear(values, seconds)
  const legend = series.map(({ label }, index) => `<span class="s${index % 8}">${escape(label)}</span>`).join(' ')
  return `<figure><figcaption>${escape(title)}, ${escape(unit)} ${legend}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">
${scale.ticks.map((tick) => drawTick(tick, scale)).join('\n')}
${drawSeconds(seconds, scale)}
${series.map((each, index) => drawLine(each, index, unit, scale)).join('\n')}
</svg></figure>`
}

function toX (seconds: number): Scale['x'] {
  return (second) => left + second / (seconds - 1) * (width - left - right)
}

function linear (values: number[], seconds: number): Scale {
  const most = Math.max(1e-9, ...values)
  const power = 10 ** Math.floor(Math.log10(most))
  const step = [0.2, 0.5, 1, 2].map((each) => each * power).find((each) => most / each <= 6) ?? power * 5
  const highest = Math.ceil(most / step) * step
  const ticks = Array.from({ length: Math.round(highest / step) + 1 }, (_, index) => index * step)
  return { x: toX(seconds), y: (value) => height - bottom - value / highest * (height - top - bottom), ticks }
}

function logarithmic (values: number[], seconds: number): Scale {
  const positive = values.filter((value) => value > 0)
  const lowest = Math.floor(Math.log10(Math.min(...positive, 1)))
  const highest = Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(...positive, 1))))
  const ticks = Array.from({ length: highest - lowest + 1 }, (_, index) => 10 ** (lowest + index))
  const share = (value: number): number => (Math.log10(Math.max(value, 10 ** lowest)) - lowest) / (highest - lowest)
  return { x: toX(seconds), y: (value) => height - bottom - share(value) * (height - top - bottom), ticks }
}

function drawTick (tick: number, { y }: Scale): string {
  const label = Number(tick.toPrecision(3)).toLocaleString('en')
  return `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}"/><text x="${left - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${label}</text>`
}

function drawSeconds (seconds: number, { x }: Scale): string {
  const step = [1, 2, 5, 10, 30, 60, 300, 600, 3600].find((each) => seconds / each <= 20) ?? 7200
  const marks = Array.from({ length: Math.floor((seconds - 1) / step) + 1 }, (_, index) => index * step)
  return marks.map((second) => `<text x="${x(second).toFixed(1)}" y="${height - 6}" text-anchor="middle">${second} s</text>`).join('')
}

/** A gap ends one line and begins another; a value alone is a dot. */
function drawLine ({ label, values }: Series, index: number, unit: string, { x, y }: Scale): string {
  const place = (value: number, second: number): string => `${x(second).toFixed(1)},${y(value).toFixed(1)}`
  const runs: string[][] = [[]]
  values.forEach((value, second) => {
    if (value === null) runs.push([])
    else runs.at(-1)?.push(place(value, second))
  })
  const lines = runs.filter((points) => points.length > 1).map((points) => `<polyline class="s${index % 8}" points="${points.join(' ')}"/>`)
  const dots = values.map((value, second) => {
    if (value === null) return ''
    const [cx, cy] = place(value, second).split(',')
    return `<circle class="s${index % 8}" cx="${cx}" cy="${cy}" r="${values.length > 120 ? 1 : 2.5}"><title>${escape(label)}: ${Number(value.toPrecision(4))} ${escape(unit)} at ${second} s</title></circle>`
  })
  return [...lines, ...dots].join('')
}
