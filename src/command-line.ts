// The host's command line: one line per command.
import { ConfigurationFault, readConfiguration } from './platform/configuration.ts'

type Command = { summary: string; run(rest: string[]): Promise<number> }

const commands: Record<string, Command> = {
  start: {
    summary: 'start the portal (and, on a demonstration, PostgreSQL and the simulators)',
    async run() {
      const { start } = await import('./start.ts')
      return start(process.env)
    },
  },
  migrate: {
    summary: 'bring the database to the version of this code, and stop',
    async run() {
      const { openConnection } = await import('./start.ts')
      const { migrate } = await import('./platform/database/migrate.ts')
      const { connection, stop } = await openConnection(readConfiguration(process.env), console.log)
      try {
        const applied = await migrate(connection)
        console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`)
      } finally {
        await stop()
      }
      return 0
    },
  },
  card: {
    summary: 'listen for cards in a process of its own (CONSILIUM_CARD=apart), beside a portal on the same database',
    async run() {
      const { startCard } = await import('./start-card.ts')
      return startCard(process.env)
    },
  },
  build: {
    summary: 'build the portal when its sources changed',
    async run() {
      const { buildPortalWhenStale } = await import('./start.ts')
      try {
        await buildPortalWhenStale()
      } catch (fault) {
        // While npm installs, a failed build must not undo the installation: `start` tries again, and says why.
        if (process.env.npm_lifecycle_event !== 'postinstall') throw fault
        console.error(`The portal could not be built now: ${(fault as Error).message}`)
      }
      return 0
    },
  },
  keys: {
    summary: 'keys create FOLDER: make the key files of an installation (once, on a disk apart from the data)',
    async run([verb, folder]) {
      if (verb !== 'create' || !folder) return usage()
      const { createKeyFiles } = await import('./platform/vault/keys.ts')
      await createKeyFiles(folder)
      console.log(`Keys are in ${folder}. Keep a copy in a safe: without them nothing can be read again.`)
      return 0
    },
  },
  trace: {
    summary: 'trace verify: recompute the chains of the trace',
    async run([verb]) {
      if (verb !== 'verify') return usage()
      const { openConnection } = await import('./start.ts')
      const { openDatabase } = await import('./platform/database/database.ts')
      const { verifyTrace } = await import('./platform/trace/verify.ts')
      const { connection, stop } = await openConnection(readConfiguration(process.env), () => {})
      const database = openDatabase(connection)
      try {
        const { events, lanes, faults } = await verifyTrace(database.administrative)
        console.log(`${events} events in ${lanes} chains, ${faults.length} faults`)
        for (const fault of faults.slice(0, 50)) console.log(JSON.stringify(fault))
        return faults.length === 0 ? 0 : 1
      } finally {
        await database.close()
        await stop()
      }
    },
  },
}

function usage(): number {
  console.log('consilium COMMAND\n')
  for (const [name, { summary }] of Object.entries(commands)) console.log(`  ${name.padEnd(10)} ${summary}`)
  console.log('\nSettings are environment variables: see README.md.')
  return 2
}

/** Runs a command; gives the exit code. */
export async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv
  const command = name ? commands[name] : undefined
  if (!command) {
    usage()
    return name && name !== 'help' && name !== '--help' ? 2 : 0
  }
  try {
    return await command.run(rest)
  } catch (fault) {
    if (!(fault instanceof ConfigurationFault)) throw fault
    console.error('Consilium does not start with these settings:')
    for (const sentence of fault.sentences) console.error(`- ${sentence}`)
    return 2
  }
}
