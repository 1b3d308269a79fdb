import type { PartName } from '../sample.ts'
import { connects } from './connects.ts'
import { fanOut } from './fan-out.ts'
import { memory } from './memory.ts'
import { nodes } from './nodes.ts'
import type { Part } from './part.ts'
import { presence } from './presence.ts'
import { references } from './references.ts'
import { sends } from './sends.ts'

export const parts: Record<PartName, Part> = { references, 'fan-out': fanOut, sends, connects, memory, nodes, presence }
