declare module '@hotwired/turbo'

interface Window {
  readonly Turbo: { visit(address: string): void; session: { refresh(url: string): void } }
}
