/** What can be wrong with a history, and the promise of docs/guarantees.md that is broken by it. */
export const violationKinds = {
  lost: 'D1',
  changed: 'D1',
  invented: 'D1',
  doubled: 'D3',
  refused: 'D3',
  gap: 'D2',
  repeated: 'D2',
  reordered: 'D2',
  unannounced: 'D2',
  sync: 'D2',
  reset: 'D2',
  diverged: 'D2',
  incomplete: 'D2',
  afterRemoval: 'S4',
  membership: 'S4',
  slowEnd: 'S1',
  unsaidEnd: 'S1',
  lateEnd: 'S2',
  divided: 'S2',
  letIn: 'S3',
  outlived: 'S3',
  sameSession: 'S3',
  lostSession: 'R1',
  falseOffline: 'P1',
  ghost: 'P1',
  unseen: 'P1',
  wentBack: 'P1',
  flicker: 'P2',
  knownUnasked: 'P3',
  notHealed: 'D4',
  crashed: 'R1',
  serverError: 'R1'
} as const

export type ViolationKind = keyof typeof violationKinds

export interface Violation {
  kind: ViolationKind
  /** A whole sentence. */
  sentence: string
  roomId?: string
  seq?: number
  /** When it was seen, in milliseconds since the epoch. */
  at?: number
  /** Whose history it is. */
  client?: string
  /** The id of the command it is about. */
  commandId?: string
  /** What is known around it, a line each. */
  context?: string[]
}

/** As an id is shown to people. */
export function short (id: string): string {
  return id.slice(0, 8)
}
