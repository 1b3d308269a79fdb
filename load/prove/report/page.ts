import type { Report } from './report.ts'

export function toPage (report: Report): string {
  return `<pre>${JSON.stringify(report)}</pre>`
}
