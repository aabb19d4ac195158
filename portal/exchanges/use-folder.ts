// One folder: its pages read so far, kept fresh while it is open.
import { computed, ref, shallowRef } from 'vue'
import { type Answer, call } from '~/client/call.ts'
import { useLive } from '~/client/live.ts'
import { sentenceOf } from '~/client/problem.ts'
import { coalesced } from './coalesce.ts'
import { setCounters } from './counters.ts'

export type ListedFolder = 'todo' | 'waiting' | 'closed'
type Page = Answer<'GET /api/exchanges'>

/** A refresh reads again at most this many pages: who went further sees the rest again by « Afficher la suite ». */
const PAGES_KEPT = 4

/** @param arrived told how many exchanges a refresh brought that were not there, unread */
export function useFolder(folder: ListedFolder, arrived: (count: number) => void) {
  const pages = shallowRef<Page[]>([])
  const failure = ref<string>()
  const busy = ref(false)
  const loaded = ref(false)
  const rows = computed(() => pages.value.flatMap((page) => page.rows))
  const more = computed(() => pages.value.at(-1)?.next ?? null)

  const read = (cursor: string | undefined, passive: boolean) =>
    call('GET /api/exchanges', { query: { folder, cursor }, passive })

  async function begin(passive: boolean): Promise<void> {
    failure.value = undefined
    busy.value = true
    try {
      const page = await read(undefined, passive)
      pages.value = [page]
      setCounters(page.counters)
      loaded.value = true
    } catch (caught) {
      failure.value = sentenceOf(caught)
    } finally {
      busy.value = false
    }
  }

  async function showMore(): Promise<void> {
    if (busy.value || !more.value) return
    failure.value = undefined
    busy.value = true
    try {
      pages.value = [...pages.value, await read(more.value, false)]
    } catch (caught) {
      failure.value = sentenceOf(caught)
    } finally {
      busy.value = false
    }
  }

  const refresh = coalesced(async () => {
    // Back from a failure (an ended session, say).
    if (!loaded.value) return begin(true)
    const fresh: Page[] = []
    try {
      do {
        const page = await read(fresh.at(-1)?.next ?? undefined, true)
        fresh.push(page)
      } while (fresh.length < Math.min(pages.value.length, PAGES_KEPT) && fresh.at(-1)?.next)
    } catch {
      // What was shown stays; the next change asks again.
      return
    }
    const before = new Set(rows.value.map(({ exchangeId, since }) => `${exchangeId} ${since}`))
    pages.value = fresh
    setCounters(fresh[0]!.counters)
    failure.value = undefined
    const unread = rows.value.filter((row) => row.unread && !before.has(`${row.exchangeId} ${row.since}`)).length
    if (unread > 0) arrived(unread)
  })

  const load = () => begin(false)
  void load()
  useLive(() => void refresh())
  return { rows, more, failure, busy, loaded, load, showMore }
}
