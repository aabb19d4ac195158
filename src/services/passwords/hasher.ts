// argon2id with the parameters of OWASP's cheat sheet (19 MiB, 2 passes, 1 lane): 25–50 ms here.
import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** One password written in two ways is one (NIST SP 800-63B-4, 3.1.1.2). */
export const normalised = (password: string): string => password.normalize('NFKC')

export type Hasher = {
  hash(password: string): Promise<string>
  /** Against an account that does not exist (null) it takes the time it takes against one that does, and says no. */
  verify(passwordHash: string | null, password: string): Promise<boolean>
}

export function createHasher(): Hasher {
  // Of a password that nobody knows, made once.
  let dummy: Promise<string> | null = null
  const ofNobody = () => (dummy ??= hash(randomBytes(32), PARAMETERS))
  void ofNobody()
  return {
    hash: (password) => hash(normalised(password), PARAMETERS),
    async verify(passwordHash, password) {
      const right = await verify(passwordHash ?? (await ofNobody()), normalised(password), PARAMETERS)
      return right && passwordHash !== null
    },
  }
}
