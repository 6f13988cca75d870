import { Controller } from '@hotwired/stimulus'

interface Listed {
  readonly items: readonly {
    readonly id: string
    readonly name: string
    readonly email: string | null
    readonly post: { readonly title: string } | null
  }[]
}

const pause = 200
const shortest = 2

/** Suggests the people whom the reader may list, while a name is typed. What is chosen is an address or an id. */
export default class extends Controller<HTMLElement> {
  static override targets = ['list']
  declare readonly listTarget: HTMLDataListElement
  private clock = 0
  private asked = ''

  override disconnect(): void {
    window.clearTimeout(this.clock)
  }

  suggest({ target }: Event): void {
    window.clearTimeout(this.clock)
    const typed = (target as HTMLInputElement).value.trim()
    if (typed.length < shortest || typed.includes('@') || typed === this.asked) return
    this.clock = window.setTimeout(() => void this.ask(typed), pause)
  }

  private async ask(typed: string): Promise<void> {
    this.asked = typed
    const url = `/people?q=${encodeURIComponent(typed)}`
    const answer = await fetch(url, { headers: { accept: 'application/json' } }).catch(() => null)
    if (!answer?.ok || this.asked !== typed) return
    const { items } = (await answer.json()) as Listed
    this.listTarget.replaceChildren(
      ...items.map(({ id, name, email, post }) => {
        const option = document.createElement('option')
        option.value = email ?? id
        option.label = post ? `${name} · ${post.title}` : name
        return option
      }),
    )
  }
}
