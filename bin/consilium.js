#!/usr/bin/env node
// The host's command line: finds a fit Node, then runs src/command-line.ts as it is.
import module from 'node:module'
import { fileURLToPath } from 'node:url'
import { withFitNode } from './fit-node.js'

await withFitNode(import.meta.url, async () => {
  const { emitWarning } = process
  process.emitWarning = (warning, ...more) => {
    // The host need not know in what the program is written; every other warning passes.
    if (!/type stripping/i.test(String(warning))) emitWarning.call(process, warning, ...more)
  }
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/consilium', import.meta.url)))
  const { main } = await import('../src/command-line.ts')
  process.exitCode = await main(process.argv.slice(2))
})
