// The one status message of the page (« Votre message a été envoyé »), shown and announced by the frame.
import { readonly, ref } from 'vue'

export type Status = { text: string; kind: 'success' | 'info' | 'warning' }

const current = ref<Status | null>(null)
let keepOnce = false

export const status = readonly(current)

/**
 * Shows and announces a message. Told just before a navigation, it stays through that one.
 * @param options.kept true when a navigation follows
 */
export function tell(
  text: string,
  { kind = 'success', kept = false }: { kind?: Status['kind']; kept?: boolean } = {},
): void {
  current.value = { text, kind }
  keepOnce = kept
}

export function clearStatus(): void {
  current.value = null
}

/** Called by the router at each change of page. */
export function statusAtNavigation(): void {
  if (keepOnce) keepOnce = false
  else clearStatus()
}
