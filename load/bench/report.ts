import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import type { Judgement } from './goals.ts'
import { parts } from './parts/index.ts'
import type { PartName, Sample } from './sample.ts'
import type { Sizes } from './sizes.ts'
import { figuresTable, goalsTable, remarks, toMarkdown } from './tables.ts'

/** Everything that a run found. */
export interface Report {
  at: string
  machine: string
  sizes: Sizes
  /** With profiles being taken, everything costs more. */
  isProfiled: boolean
  samples: Sample[]
  judgements: Judgement[]
}

export function describeMachine (): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${availableParallelism()} × ${model}, ${memory} GB, Linux ${release()}, Node.js ${process.version}`
}

const beginOf = (part: PartName): string => `<!-- bench ${part}: written by npm run bench -->`
const endOf = (part: PartName): string => `<!-- end of bench ${part} -->`

/** What is said of a part, in Markdown. */
export function toSection (part: PartName, { at, machine, sizes, isProfiled, samples, judgements }: Report): string {
  const goals = judgements.filter(({ goal }) => goal.part === part)
  const how = `${sizes.name === 'full' ? 'Full' : 'Quick'} run, ${sizes.repeats} repeat${sizes.repeats === 1 ? '' : 's'}, ${at}, on ${machine}.`
  return [
    `## ${part}`,
    parts[part].method(sizes),
    `${how}${isProfiled ? ' Taken while being profiled: figures of Parley are too high.' : ''} ${remarks(part, samples).join(' ')}`,
    ...(goals.length > 0 ? [toMarkdown(goalsTable(goals))] : []),
    toMarkdown(figuresTable(part, samples))
  ].join('\n\n')
}

/** Puts the sections of the parts that were measured between their marks; whatever stands elsewhere stays. */
export function insertSections (text: string, report: Report, measured: PartName[]): string {
  let page = text
  for (const part of measured) {
    const section = `${beginOf(part)}\n\n${toSection(part, report)}\n\n${endOf(part)}`
    const [begin, end] = [page.indexOf(beginOf(part)), page.indexOf(endOf(part))]
    page = begin >= 0 && end > begin
      ? page.slice(0, begin) + section + page.slice(end + endOf(part).length)
      : `${page.trimEnd()}\n\n${section}\n`
  }
  return page
}

export function writeDocs (path: string, report: Report, measured: PartName[]): void {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '# Performance\n'
  writeFileSync(path, insertSections(text, report, measured))
}
