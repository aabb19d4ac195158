// One request of the walk, whatever its kind of answer.
import { request } from 'node:http'
import type { Answer, CallOptions, Client, RouteName } from '../client.ts'

/** @param how.stream true for an event stream, which does not end by itself: what counts is whether it opens */
export async function send(
  client: Client,
  route: string,
  options: CallOptions,
  how: { stream: boolean; url: string },
): Promise<Answer> {
  if (!how.stream || !(await opens(client, route, options, how.url)))
    return client.call(route as RouteName, options) as Promise<Answer>
  return { status: 200, headers: {}, text: '', json: {}, code: undefined, problem: {} as never }
}

function opens(client: Client, route: string, { headers = {} }: CallOptions, url: string): Promise<boolean> {
  const sent = { ...headers, cookie: client.cookie ? `__Host-consilium=${client.cookie}` : undefined }
  const known = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined))
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(route.split(' ')[1]!, url), { headers: known, agent: false }, (incoming) => {
      resolve(incoming.statusCode === 200)
      outgoing.destroy()
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}
