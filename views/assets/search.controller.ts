import { Controller } from '@hotwired/stimulus'

/** `/` goes to the search, unless somebody is typing. */
export default class extends Controller<HTMLInputElement> {
  override connect(): void {
    document.addEventListener('keydown', this.go)
  }

  override disconnect(): void {
    document.removeEventListener('keydown', this.go)
  }

  private readonly go = (event: KeyboardEvent): void => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
    const target = event.target as HTMLElement
    if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return
    if (this.element.offsetParent === null) return
    event.preventDefault()
    this.element.focus()
  }
}
