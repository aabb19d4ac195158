// A browser small enough for tests: keeps cookies as browsers do (ports ignored, paths heeded), follows nothing alone.

type Cookie = { name: string; value: string; host: string; path: string }

export class CookieJar {
  readonly cookies: Cookie[] = []
  readonly #fetch: typeof fetch

  /** @param options.fetch for an authority that the system does not know */
  constructor(options: { fetch?: typeof fetch } = {}) {
    this.#fetch = options.fetch ?? fetch
  }

  async request(address: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address)
    const headers = new Headers(init.headers)
    const mine = this.cookies.filter(({ host, path }) => host === url.hostname && within(url.pathname, path))
    if (mine.length > 0) headers.set('cookie', mine.map(({ name, value }) => `${name}=${value}`).join('; '))
    const response = await this.#fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) this.#keep(line, url)
    return response
  }

  /** Follows redirections until an answer that is none, or until the next address satisfies `stop`. */
  async navigate(address: string | URL, init: RequestInit = {}, stop: (url: URL) => boolean = () => false) {
    let url = new URL(address)
    let response = await this.request(url, init)
    while (response.status >= 300 && response.status < 400 && response.headers.has('location')) {
      url = new URL(response.headers.get('location')!, url)
      if (stop(url)) return { url, response }
      response = await this.request(url)
    }
    return { url, response }
  }

  /** Submits the first form of a page, with the fields given besides its hidden ones. */
  async submit(
    page: { url: URL; html: string },
    fields: Record<string, string>,
    stop: (url: URL) => boolean = () => false,
  ) {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.html)?.[1] ?? page.url.href
    const body = new URLSearchParams(fields)
    for (const [, name, value] of page.html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
      body.set(name!, value!)
    }
    return this.navigate(new URL(readEntities(action), page.url), { method: 'POST', body }, stop)
  }

  #keep(line: string, url: URL) {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(pair.indexOf('=') + 1)
    const attribute = (key: string) =>
      attributes.find((text) => text.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1)
    const path = attribute('path') ?? '/'
    const known = this.cookies.findIndex((c) => c.name === name && c.host === url.hostname && c.path === path)
    if (known >= 0) this.cookies.splice(known, 1)
    const expires = attribute('expires')
    const gone = attribute('max-age') === '0' || (expires !== undefined && new Date(expires).getTime() <= Date.now())
    if (!gone) this.cookies.push({ name, value, host: url.hostname, path })
  }
}

function within(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}

function readEntities(text: string): string {
  return text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code))).replaceAll('&amp;', '&')
}
