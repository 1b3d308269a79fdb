/** Where the cluster's progress lines and its nodes' output go, a line at a time. */
export type Log = (line: string) => void

export const silent: Log = () => {}
