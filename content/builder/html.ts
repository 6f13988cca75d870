const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (each) => entities[each] ?? each)
}

/** The words of a piece of HTML on one line, drawings left out. */
export function plainText(html: string): string {
  return html
    .replace(/<svg\b[\s\S]*?<\/svg>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => unescaped[name] ?? whole)
    .replace(/[ \t\r\n]+/g, ' ')
    .replace(/ ([.,;:!?)])/g, '$1')
    .trim()
}

const unescaped: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
}
