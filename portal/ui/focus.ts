// Where the focus goes when the page changes under the person (UI.md part 6: no library does it).
import { nextTick } from 'vue'

/** After a refused submit: to the first faulty field of the form, in reading order. */
export async function focusFirstFault(form: HTMLElement | null | undefined): Promise<void> {
  await nextTick()
  const faulty = form?.querySelector<HTMLElement>('[aria-invalid="true"]')
  const field = faulty?.matches('[role="radiogroup"]') ? faulty.querySelector<HTMLElement>('input') : faulty
  field?.focus()
}

/** After a change of page: to the start of the main content. */
export async function focusMain(): Promise<void> {
  await nextTick()
  const main = document.getElementById('main-content')
  main?.focus({ preventScroll: true })
  window.scrollTo(0, 0)
}
