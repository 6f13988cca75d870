declare module '@hotwired/turbo'

interface Window {
  readonly Turbo: {
    visit(address: string): void
    readonly session: { refresh(url: string): void }
    readonly cache: { exemptPageFromCache(): void }
  }
}
