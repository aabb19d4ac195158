// Bytes that are hardly HTTP, or not at all: what stands below every route.
import fc from 'fast-check'
import type { ApiDocument } from './document.ts'
import type { Scene } from './scene.ts'

export type WirePlan = { what: string; bytes: string; end?: boolean; head?: boolean; silence?: boolean }

/** What is sent in every run, to an address that exists. */
export const ALWAYS: WirePlan[] = [
  { what: 'no host', bytes: 'GET /api/session HTTP/1.1\r\nConnection: close\r\n\r\n' },
  { what: 'two hosts', bytes: 'GET /api/session HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n' },
  { what: 'HTTP/1.0', bytes: 'GET /api/session HTTP/1.0\r\n\r\n' },
  { what: 'HTTP/0.9', bytes: 'GET /api/session\r\n\r\n' },
  { what: 'HTTP/9.9', bytes: 'GET /api/session HTTP/9.9\r\nHost: a\r\n\r\n' },
  { what: 'HTTP/2', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
  { what: 'TLS', bytes: '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003' },
  { what: 'unknown method', bytes: 'FROB /api/session HTTP/1.1\r\nHost: a\r\n\r\n' },
  { what: 'CONNECT', bytes: 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n' },
  { what: 'PRI on a path', bytes: 'PRI /api/session HTTP/1.1\r\nHost: a\r\n\r\n' },
  ...['TRACE', 'PROPFIND', 'MKCOL', 'PURGE', 'QUERY', 'OPTIONS', 'PATCH', 'SEARCH'].map((method) => ({
    what: method,
    bytes: `${method} /api/session HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  })),
  { what: 'OPTIONS *', bytes: 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' },
  {
    what: 'upgrade',
    bytes: 'GET /api/live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n',
  },
  {
    what: 'expect 100',
    bytes:
      'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
  },
  {
    what: 'expect other',
    bytes: 'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: ducks\r\nContent-Length: 0\r\n\r\n',
  },
  { what: 'nul in a header', bytes: 'GET /api/session HTTP/1.1\r\nHost: a\r\nX-A: a\u0000b\r\n\r\n' },
  { what: 'bare line feed', bytes: 'GET /api/session HTTP/1.1\nHost: a\nConnection: close\n\n' },
  { what: 'bare carriage return', bytes: 'GET /api/session HTTP/1.1\r\nHost: a\r\nX-A: a\rX-B: b\r\n\r\n' },
  { what: 'folded header', bytes: 'GET /api/session HTTP/1.1\r\nHost: a\r\nX-A: a\r\n b\r\nConnection: close\r\n\r\n' },
  { what: 'space before colon', bytes: 'GET /api/session HTTP/1.1\r\nHost : a\r\n\r\n' },
  { what: 'header without colon', bytes: 'GET /api/session HTTP/1.1\r\nHost: a\r\nfrob\r\n\r\n' },
  { what: 'header without name', bytes: 'GET /api/session HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n' },
  { what: 'huge header', bytes: `GET /api/session HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n` },
  { what: 'huge address', bytes: `GET /api/${'a'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n` },
  {
    what: 'many headers',
    bytes: `GET /api/session HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${'a: b\r\n'.repeat(2400)}\r\n`,
  },
  {
    what: 'many cookies',
    bytes: `GET /api/session HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: ${'a=b;'.repeat(3000)}\r\n\r\n`,
  },
  {
    what: 'two lengths',
    bytes: 'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ',
  },
  { what: 'negative length', bytes: 'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n' },
  { what: 'length of letters', bytes: 'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nContent-Length: 0x2\r\n\r\n{}' },
  {
    what: 'huge length',
    bytes:
      'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 9007199254740991\r\n\r\n{}',
  },
  {
    what: 'monstrous length',
    bytes: `POST /api/exchanges HTTP/1.1\r\nHost: a\r\nContent-Length: ${'9'.repeat(40)}\r\n\r\n{}`,
  },
  {
    what: 'length and chunks',
    bytes:
      'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/live HTTP/1.1\r\nHost: a\r\n\r\n',
  },
  { what: 'unknown transfer', bytes: 'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n{}' },
  {
    what: 'bad chunk',
    bytes:
      'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
  },
  {
    what: 'bad chunk to a page',
    bytes:
      'PUT /api/session/place HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n',
  },
  {
    what: 'chunk extensions',
    bytes: `POST /api/exchanges HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
  },
  {
    what: 'trailers',
    bytes:
      'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nCookie: x\r\n\r\n',
  },
  {
    what: 'cut body',
    bytes:
      'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"text":',
    end: true,
  },
  { what: 'cut head', bytes: 'GET /api/session HTTP/1.1\r\nHost: a', end: true },
  { what: 'nothing', bytes: '', end: true, silence: true },
  { what: 'empty lines', bytes: '\r\n\r\n\r\nGET /api/session HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' },
  {
    what: 'body on GET',
    bytes: 'GET /api/session HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\n{x}',
  },
  {
    what: 'chunked body on GET',
    bytes:
      'GET /api/session HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  },
]

const TARGETS = [
  ...[
    'http://a/api/session',
    'http://[/api/sign-in/psc/callback',
    'http://a b/api/session',
    'https://evil.example/',
    '*',
    '',
  ],
  ...[
    '//evil.example/',
    '//evil.example/%2f..',
    '/\\evil.example/',
    '/api//session',
    '//api/session',
    '/api/./session',
  ],
  ...['/api/../api/session', '/api/%73ession', '/API/session', '/api/session/', '/api/session;x=1', '/api/session%00'],
  ...[
    '/api/session?',
    '/api/session??',
    '/api/session?a&b=&=c&&',
    '/api/session#x',
    '/%',
    '/%ff',
    '/%2e%2e/%2e%2e/etc/passwd',
  ],
  ...[
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/.git/config',
    '/src/main.ts',
    '/package.json',
  ],
  ...[
    '/assets/',
    '/index.html',
    '/index.html/x',
    '/favicon.svg%00',
    '/docs/errors/',
    '/docs/',
    '/api',
    '/api/',
    '/api/x.js',
  ],
  ...[
    'http://a:99999/api/sign-in/psc',
    'http://u:p@a/api/session',
    'ws://a/api/live',
    'a',
    'api/session',
    '\u00e9',
    '/\u00ff\u0080',
  ],
  ...[
    'http://evil.example',
    'http://evil.example?x',
    'http:///x',
    'http:/x',
    'HTTP://A/api/session',
    'http://a/api/../x',
  ],
]

export function wirePlan({ routes }: ApiDocument, { url, cookies, cookieName }: Scene): fc.Arbitrary<WirePlan> {
  const { host } = new URL(url)
  const cookie = `Cookie: ${cookieName}=${cookies.practitioner}\r\n`
  const addresses = routes.map(({ path }) => path.replaceAll(/\{\w+\}/g, '5ca1ab1e-0000-4000-8000-000000000000'))
  const targets = fc.oneof(fc.constantFrom(...TARGETS), fc.constantFrom(...addresses))
  const methods = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS')
  const ends = fc.constantFrom('', 'Sec-Fetch-Mode: navigate\r\n', 'Host: evil.example\r\nSec-Fetch-Mode: navigate\r\n')
  // What would end the session that everybody else uses comes without it.
  const aimed = fc.tuple(methods, targets, ends, fc.boolean()).map(([method, target, more, signedIn]) => {
    const hosts = more.startsWith('Host') ? '' : `Host: ${host}\r\n`
    const head = `${method} ${target} HTTP/1.1\r\n${hosts}${more}${signedIn && !target.startsWith('/api/session/') ? cookie : ''}Connection: close\r\n\r\n`
    return { what: `${method} ${target} ${more}`, bytes: head, head: method === 'HEAD' }
  })
  const noise = fc
    .uint8Array({ minLength: 1, maxLength: 400 })
    .map((bytes) => ({ what: 'noise', bytes: `${Buffer.from(bytes).toString('latin1')}`, end: true, silence: true }))
  const valid = 'GET /api/session?x=y HTTP/1.1\r\nHost: a\r\nAccept: */*\r\nConnection: close\r\n\r\n'
  const flipped = fc.tuple(fc.nat(valid.length - 1), fc.nat(255), fc.boolean()).map(([at, byte, insert]) => ({
    what: 'one byte wrong',
    bytes: valid.slice(0, at) + String.fromCharCode(byte) + valid.slice(insert ? at : at + 1),
    end: true,
    silence: true,
  }))
  return fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...ALWAYS) },
    { weight: 4, arbitrary: aimed },
    { weight: 1, arbitrary: noise },
    { weight: 2, arbitrary: flipped },
  )
}
