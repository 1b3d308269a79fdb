import { calls, type Call, type CallName } from '../../contract/index.ts'
import type { Answer, Api } from '../helpers/api.ts'
import { t } from '../suite.ts'
import { checkFailure, compileCheck, type Check } from './checks.ts'

export interface Asked {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

const checks = new Map<string, Check>(Object.entries(calls as Record<string, Call>).flatMap(([name, { answers }]) =>
  Object.entries(answers).filter(([status]) => status !== '204').map(([status, schema]) => [`${name} ${status}`, compileCheck(schema)] as const)))
/** By the test that stands for the file: files share this module. */
const answered = new WeakMap<typeof t, Set<string>>()

/** The path of a call, with what stands for its parameters, and its query. */
export function toPath (name: CallName, { params = {}, query = {} }: Asked = {}): string {
  const path = calls[name].path.replaceAll(/:(\w+)/g, (_, parameter: string) => encodeURIComponent(String(params[parameter])))
  const search = new URLSearchParams(Object.entries(query).map(([key, value]): [string, string] => [key, String(value)])).toString()
  return search ? `${path}?${search}` : path
}

/** Makes a call of the contract. Fails when its answer, good or bad, is not of the form that the contract promises. */
export async function call (api: Api, name: CallName, asked: Asked = {}): Promise<Answer> {
  const answer = await api.request(calls[name].method, toPath(name, asked), asked.body === undefined ? {} : { body: asked.body })
  const key = `${name} ${answer.status}`
  const check = checks.get(key)
  const complaint = check ? check(answer.body) : answer.status === 204 ? undefined : checkFailure(answer.body, answer.status)
  if (complaint) throw new Error(`${key}: ${complaint}`)
  answered.set(t, (answered.get(t) ?? new Set()).add(key))
  return answer
}

/** Successes of these calls that no test of this file has seen. */
export function unseenAnswers (names: CallName[]): string[] {
  const promised = names.flatMap((name) => Object.keys(calls[name].answers).map((status) => `${name} ${status}`))
  return promised.filter((key) => !answered.get(t)?.has(key))
}
