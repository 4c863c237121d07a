export function shellFiles(dist: string, entry: string): string[]
export function reachable(dist: string, entry: string, lazy: boolean): string[]
export function chunkFile(dist: string, source: string): string
