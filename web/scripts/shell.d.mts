export function shellFiles(dist: string, entry: string): string[]
export function reachable(dist: string, entry: string, lazy: boolean, list?: string): string[]
export function chunkFile(dist: string, source: string, list?: string): string
