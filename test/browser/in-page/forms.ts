import { isSeen, named } from './nodes.js'

const fields = 'input:not([type=hidden]), select, textarea'

/** Hints and errors that stand beside a field and are not read with it. */
export function loose(): string[] {
  const told = new Set(
    [...document.querySelectorAll('[aria-describedby]')].flatMap((element) =>
      (element.getAttribute('aria-describedby') ?? '').split(/\s+/),
    ),
  )
  const beside = [
    ...document.querySelectorAll('.field__hint, .field__error:not([role=alert])'),
  ].filter(isSeen)
  const lost = beside.filter(({ id }) => !told.has(id))
  return [
    ...lost.map((element) => `is not read with its field: ${named(element)}`),
    ...untold(),
    ...unmarked(),
  ]
}

/** Descriptions that are not there. */
function untold(): string[] {
  return [
    ...document.querySelectorAll('[aria-describedby], [aria-labelledby], [aria-controls]'),
  ].flatMap((element) =>
    ['aria-describedby', 'aria-labelledby', 'aria-controls']
      .flatMap((name) => (element.getAttribute(name) ?? '').split(/\s+/).filter(Boolean))
      .filter((id) => !document.getElementById(id))
      .map((id) => `#${id} is not there: ${named(element)}`),
  )
}

/** Fields with an error that are not marked as wrong. */
function unmarked(): string[] {
  return [...document.querySelectorAll('.field__error[id]')].flatMap((error) => {
    const field = document.querySelector(`[aria-describedby~="${CSS.escape(error.id)}"]`)
    const one = field?.matches('input, select, textarea')
    return !field || !one || field.matches('[aria-invalid=true]')
      ? []
      : [`is not marked as wrong: ${named(field)}`]
  })
}

/** A form with something to type in. */
export const spoilable =
  'main form[method=post]:has(textarea, input:is([type=text], [type=email], [type=number]))'

/** Sends the page's first form with what no field takes. */
export function spoil(): void {
  const form = document.querySelector<HTMLFormElement>(spoilable)
  const typed = 'textarea, input:is([type=text], [type=email])'
  for (const field of form?.querySelectorAll<HTMLInputElement>(typed) ?? [])
    field.value = 'x'.repeat(6000)
  for (const field of form?.querySelectorAll<HTMLInputElement>('[type=number]') ?? [])
    field.value = '-77777777'
  form?.submit()
}

/** Names of a refused form's errors that lead nowhere. */
export function leadsNowhere(): string[] {
  const links = document.querySelectorAll<HTMLAnchorElement>('main [role=alert] a[href^="#"]')
  return [...links]
    .filter(({ hash }) => {
      const target = document.getElementById(decodeURIComponent(hash.slice(1)))
      return !target?.matches(`${fields}, fieldset, [tabindex]`)
    })
    .map((link) => `leads nowhere: ${link.hash} ${named(link)}`)
}

/** Texts that are known to be in another language than the page says they are. */
export function foreign(languages: Readonly<Record<string, string>>): string[] {
  const faults = new Set<string>()
  for (const element of document.querySelectorAll('main *')) {
    if (element.childElementCount > 0 || !isSeen(element)) continue
    const language = languages[(element.textContent ?? '').trim()]
    const said = element.closest('[lang]')?.getAttribute('lang')
    if (language && said !== language)
      faults.add(`is ${language} and said to be ${said}: ${named(element)}`)
  }
  return [...faults]
}
