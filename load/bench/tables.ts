import { disturbedShare, medianOf, ratioOf, samplesOf, candidateNames, type CandidateName, type PartName, type Sample, type Where } from './sample.ts'
import type { Judgement } from './goals.ts'
import { formatRatio, formatValue, shownValues, titleOf } from './units.ts'

/** Rows of cells; the first row is the heading. */
export type Table = string[][]

export function goalsTable (judgements: Judgement[]): Table {
  return [
    ['goal', 'nodes', 'asked', 'Parley', 'compared with', 'ratio', ''],
    ...judgements.map(({ goal, measured, comparedWith, ratio, verdict }) => {
      const { id, sentence, value, limit, isLeast, of, by } = goal
      const asked = `${isLeast ? '≥' : '≤'} ${by ? limit : formatValue(value, limit)}`
      return [`${id} ${sentence}`, String(of.nodes), asked, formatValue(value, measured), by ? formatValue(value, comparedWith) : '', by ? formatRatio(ratio) : '', verdict]
    })
  ]
}

/** All figures of a part: a line for each window, number of nodes and value. */
export function figuresTable (part: PartName, samples: Sample[]): Table {
  const own = samples.filter((sample) => sample.part === part)
  const candidates = candidateNames.filter((name) => own.some(({ candidate }) => candidate === name))
  const isCompared = candidates.includes('bare') && candidates.includes('parley')
  const wheres = new Map(own.map(({ window, nodes }) => [`${window} ${nodes}`, { part, window, nodes }]))
  const rows = [...wheres.values()].flatMap((where) => shownValues
    .filter((value) => own.some((sample) => sample.window === where.window && sample.nodes === where.nodes && value in sample.values))
    .map((value, index) => [
      index === 0 ? where.window : '',
      index === 0 ? String(where.nodes) : '',
      titleOf(value),
      ...candidates.map((candidate) => figure(samples, where, candidate, value)),
      ...(isCompared ? [formatRatio(ratioOf(samplesOf(samples, where, 'parley'), samplesOf(samples, where, 'bare'), value))] : [])
    ]))
  return [['window', 'nodes', '', ...candidates, ...(isCompared ? ['parley : bare'] : [])], ...rows]
}

function figure (samples: Sample[], where: Where, candidate: CandidateName, value: string): string {
  const found = samplesOf(samples, where, candidate)
  if (found.some(({ faults }) => faults.length > 0)) return 'void'
  return formatValue(value, medianOf(found, value))
}

/** What makes the figures less than they seem, in sentences. */
export function remarks (part: PartName, samples: Sample[]): string[] {
  const own = samples.filter((sample) => sample.part === part)
  const where = ({ window, candidate, nodes, repeat }: Sample): string => `${window}, ${candidate}, ${nodes} node${nodes === 1 ? '' : 's'}, repeat ${repeat + 1}`
  const disturbed = own.filter(({ othersShare }) => othersShare >= disturbedShare)
  const most = own.reduce((worst, { othersShare }) => Math.max(worst, othersShare), 0)
  const repeats = new Set(disturbed.map(({ repeat }) => repeat + 1))
  return [
    ...own.flatMap((sample) => sample.faults.map((fault) => `Void (${where(sample)}): ${fault}.`)),
    `Other processes used at most ${percent(most)} of the machine in a window` + (disturbed.length > 0
      ? `, and ${percent(disturbedShare)} or more in ${disturbed.length} of ${own.length} windows (**disturbed**: repeat${repeats.size === 1 ? '' : 's'} ${[...repeats].join(', ')}).`
      : '.')
  ]
}

function percent (share: number): string {
  return `${(100 * share).toFixed(0)} %`
}

export function toMarkdown ([heading = [], ...rows]: Table): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`
  const numbers = heading.map((title) => ['goal', 'window', ''].includes(title) ? '---' : '---:')
  return [line(heading), line(numbers), ...rows.map(line)].join('\n')
}
