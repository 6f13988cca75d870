import ejs from 'ejs'

interface Compilable {
  compile(): unknown
  readonly source: string
}
type TemplateClass = new (text: string, options: object) => Compilable

const { Template } = ejs as unknown as { Template: TemplateClass }

/** The body of a view's function `(l, escapeFn, include, rethrow)`. The build writes it to a file; tests run it. */
export function viewSource(text: string): string {
  const template = new Template(text, {
    strict: true,
    _with: false,
    localsName: 'l',
    compileDebug: false,
  })
  template.compile()
  return template.source
}
