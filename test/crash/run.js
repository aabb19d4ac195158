// `npm run test:crash`: the campaign is TypeScript, which needs a fit Node.
import { withFitNode } from '../../bin/fit-node.js'

await withFitNode(import.meta.url, async () => {
  await import('./run.ts')
})
