import { inspect } from 'node:util'
import type { Failure, FileOutcome, Outcome } from './outcome.ts'

function count (outcomes: Outcome[], status: Outcome['status']): number {
  return outcomes.filter((outcome) => outcome.status === status).length
}

/** `12 passed, 0 failed`, and what was skipped only when something was. */
export function summarize (outcomes: Outcome[]): string {
  const skipped = count(outcomes, 'skipped')
  return `${count(outcomes, 'passed')} passed, ${count(outcomes, 'failed')} failed${skipped ? `, ${skipped} skipped` : ''}`
}

/** A file as soon as it has ended: one line when all is well. */
export function describeFile ({ file, outcomes, complaints, elapsedMs }: FileOutcome): string {
  const failed = outcomes.filter(({ status }) => status === 'failed')
  const lines = [`${failed.length > 0 ? '✗' : '✓'} ${file}: ${summarize(outcomes)} (${(elapsedMs / 1000).toFixed(1)} s)`]
  for (const { name, failures } of failed) lines.push(`    ✗ ${name}`, ...failures.map(describeFailure))
  if (failed.length > 0 && complaints.trim()) lines.push(indent(complaints.trim().split('\n').slice(-40).join('\n'), 6))
  return lines.join('\n')
}

/** Every test that was skipped, so that none is forgotten. */
export function describeSkipped (files: FileOutcome[]): string[] {
  return files.flatMap(({ file, outcomes }) => outcomes
    .filter(({ status }) => status === 'skipped')
    .map(({ name, reason }) => `skipped: ${file}: ${name} (${reason})`))
}

function describeFailure ({ message, details }: Failure): string {
  const { diff, stack, at, source, ...others } = details
  const rest = Object.keys(others).length > 0 ? inspect(others, { depth: 5 }) : ''
  const place = stack ?? (at ? inspect(at, { breakLength: Infinity }) : '')
  return [message, diff, rest, place].filter(Boolean).map((part) => indent(String(part).trimEnd(), 8)).join('\n')
}

function indent (text: string, width: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(width))
}
