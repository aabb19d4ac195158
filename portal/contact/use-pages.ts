// A list read page after page.
import { computed, ref, shallowRef } from 'vue'
import { sentenceOf } from '~/client/problem.ts'

type Page<R> = { rows: R[]; next: string | null }

/** @param read asks for the page after a cursor, the first one without */
export function usePages<R, P extends Page<R>>(read: (cursor: string | undefined) => Promise<P>) {
  const pages = shallowRef<P[]>([])
  const failure = ref<string>()
  const busy = ref(false)
  const rows = computed(() => pages.value.flatMap((page) => page.rows))
  const first = computed(() => pages.value[0] ?? null)
  const more = computed(() => pages.value.at(-1)?.next ?? null)

  async function ask(cursor: string | undefined): Promise<void> {
    if (busy.value) return
    busy.value = true
    failure.value = undefined
    try {
      const page = await read(cursor)
      pages.value = cursor ? [...pages.value, page] : [page]
    } catch (caught) {
      failure.value = sentenceOf(caught)
    } finally {
      busy.value = false
    }
  }
  return { rows, first, more, failure, busy, load: () => ask(undefined), showMore: () => ask(more.value ?? undefined) }
}
