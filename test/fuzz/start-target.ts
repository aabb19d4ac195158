// Starts the process that is fuzzed, and the simulated identity providers beside it.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startOrganismIdentity } from '../../simulators/organism-identity/start.ts'
import { startProSanteConnect } from '../../simulators/pro-sante-connect/start.ts'
import { readConfiguration } from '../../src/platform/configuration.ts'
import type { Calls, Reply, Scene } from './scene.ts'

export type Target = {
  port: number
  scene: Scene
  ask<Name extends keyof Calls>(name: Name, input: Calls[Name]['input']): Promise<Calls[Name]['output']>
  /** Null while it runs; else how it ended and its last words. */
  ended(): string | null
  stop(): Promise<string[]>
}

/** @param port the server's; the two that follow are of the identity providers */
export async function startTarget(port: number): Promise<Target> {
  const providers = await startProviders(port)
  const child = fork(fileURLToPath(new URL('./target.ts', import.meta.url)), [String(port)], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let words = ''
  let said = ''
  /** What must be in no output; known once the scene is set. */
  let secrets: string[] = []
  const told = new Set<string>()
  let ending: string | null = null
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk) => {
      words = (words + chunk).slice(-4000)
      said = (said + chunk).slice(-100_000)
      for (const secret of secrets) if (said.includes(secret)) told.add(`the output tells ${secret}`)
    })
  }
  const waiting = new Map<number, (reply: Reply) => void>()
  child.on('message', (reply: Reply) => {
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  const gone = new Promise<void>((resolve) => {
    child.on('exit', (code, signal) => {
      ending = `ended by ${signal ?? code}\n${words}`
      for (const tell of waiting.values()) tell({ id: 0, fault: `the server ${ending}` })
      resolve()
    })
  })
  const reply = (id: number) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.set(id, ({ output, fault }) => (fault ? reject(new Error(fault)) : resolve(output)))
    })
  let asked = 0
  const ask: Target['ask'] = async (name, input) => {
    if (ending) throw new Error(`the server ${ending}`)
    const id = ++asked
    child.send({ id, name, input })
    return (await reply(id)) as never
  }
  const stop = async () => {
    const faults = ending ? [`the server ${ending}`] : await ask('stop', null).catch((fault: Error) => [fault.message])
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await gone
    clearTimeout(timer)
    await providers.stop()
    return [...faults, ...told]
  }
  try {
    const scene = (await reply(0)) as Scene
    secrets = [scene.typed, ...scene.secrets.map(({ text }) => text)]
    return { port, scene, ask, ended: () => ending, stop }
  } catch (fault) {
    await providers.stop()
    throw fault
  }
}

async function startProviders(port: number): Promise<{ stop(): Promise<void> }> {
  const { psc, organismIssuers, publicUrl, ports } = readConfiguration({ PORT: String(port) })
  const client = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }, kind: string) => ({
    clientId,
    clientSecret,
    redirectUris: [`${publicUrl}/api/sign-in/${kind}/callback`],
    postLogoutRedirectUris: [`${publicUrl}/`],
  })
  const issuer = organismIssuers[0]!
  const running = [await startProSanteConnect({ port: ports.psc, clients: [client(psc, 'psc')] })]
  running.push(
    await startOrganismIdentity({ port: ports.organism, clients: [client(issuer, `organism/${issuer.issuerId}`)] }),
  )
  return {
    async stop() {
      for (const provider of running) await provider.close()
    },
  }
}
