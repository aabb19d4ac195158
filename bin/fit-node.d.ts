// Types of fit-node.js, which stays plain JavaScript: old versions of Node read it.
export function isFit(version: string): boolean
export function packagedNode(platform?: string): string | undefined
export function withFitNode(script: string, run: () => Promise<void>): Promise<void>
