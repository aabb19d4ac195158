// Where an exchange lies and its wrapped key never change: they are remembered, so that a send need not ask for them.
// What is kept is what the database holds (the key still wrapped); rights and states are always asked of the database.
import type { SealedExchange } from './sealing.ts'

export type KnownExchange = Omit<SealedExchange, 'header'>
export type KnownExchanges = {
  get(exchangeId: string): KnownExchange | undefined
  remember(exchange: KnownExchange): void
  forget(exchangeId: string): void
}

/** @param limit how many; the one unused for longest goes first */
export function createKnownExchanges(limit = 10_000): KnownExchanges {
  const known = new Map<string, KnownExchange>()
  return {
    get(exchangeId) {
      const exchange = known.get(exchangeId)
      if (!exchange) return undefined
      known.delete(exchangeId)
      known.set(exchangeId, exchange)
      return exchange
    },
    remember({ organism_id, exchange_id, key_id, data_key }) {
      known.set(exchange_id, { organism_id, exchange_id, key_id, data_key })
      const [oldest] = known.size > limit ? known.keys() : []
      if (oldest) known.delete(oldest)
    },
    forget: (exchangeId) => void known.delete(exchangeId),
  }
}
