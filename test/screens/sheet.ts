export interface Shot {
  readonly route: string
  readonly caption: string
  readonly file: string
}

/** A contact sheet: the pictures of each page beside each other, to be looked at whole. */
export function sheetOf(role: string, shots: readonly Shot[]): string {
  const routes = [...new Set(shots.map(({ route }) => route))]
  return `<!doctype html><meta charset="utf-8"><title>${role}</title>
<style>
body { font: 14px system-ui; margin: 1rem; background: #888 }
section { display: flex; flex-wrap: wrap; gap: .75rem; align-items: start; margin-bottom: 2rem }
h2 { font-size: 1rem } figure { margin: 0 } figcaption { font-size: .75rem }
img { height: 26rem; max-width: 40rem; object-fit: cover; object-position: top; display: block }
</style>
<h1>${role}</h1>
${routes.map((route) => rowOf(route, shots)).join('\n')}
`
}

function rowOf(route: string, shots: readonly Shot[]): string {
  const figures = shots
    .filter((shot) => shot.route === route)
    .map(({ file, caption }) => {
      const image = `<a href="${file}"><img src="${file}" alt="${caption}" loading="lazy"></a>`
      return `<figure>${image}<figcaption>${caption}</figcaption></figure>`
    })
  return `<h2>${route}</h2><section>${figures.join('')}</section>`
}
