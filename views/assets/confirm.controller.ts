import { Controller } from '@hotwired/stimulus'

/** Asks before a form that cannot be undone is sent, in the page's own dialog. */
export default class extends Controller<HTMLFormElement> {
  static override targets = ['dialog']
  declare readonly dialogTarget: HTMLDialogElement

  ask(event: SubmitEvent): void {
    if (this.dialogTarget.returnValue === 'yes') return
    event.preventDefault()
    this.dialogTarget.showModal()
  }

  yes(): void {
    this.dialogTarget.close('yes')
  }

  no(): void {
    this.dialogTarget.close('no')
  }

  answered(): void {
    if (this.dialogTarget.returnValue === 'yes') this.element.requestSubmit()
  }
}
