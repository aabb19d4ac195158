import { onScopeDispose, readonly, ref } from 'vue'

/** The present moment, to the half minute, for what is told relative to it. */
export function useNow() {
  const now = ref(Date.now())
  const timer = setInterval(() => {
    now.value = Date.now()
  }, 30_000)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now)
}
