import { BlockList, isIP } from 'node:net'

/** Names that Fastify gives to ranges, and CONSILIUM_PROXIES may hold (`trustProxy`). */
const RANGES: Record<string, string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/** Whether an address is that of one of the reverse proxies. */
export function createPeers(proxies: string[]): (address: string | undefined) => boolean {
  const list = new BlockList()
  for (const proxy of proxies.flatMap((name) => RANGES[name] ?? [name])) {
    const [address = '', bits] = proxy.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => {
    const version = address ? isIP(address) : 0
    return version !== 0 && list.check(address!, version === 6 ? 'ipv6' : 'ipv4')
  }
}
