export * from './users.ts'
export * from './revocations.ts'
export * from './rooms.ts'
export * from './room-events.ts'
