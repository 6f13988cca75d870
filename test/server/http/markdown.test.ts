import { expect } from 'chai'
import { excerpt, markdown } from '../../../server/http/markdown.js'

const written = (text: string): string => String(markdown(text))

describe('Markdown', () => {
  it('becomes paragraphs, lists and headings below those of the page', () => {
    expect(written('# Title\n\n- one\n- **two**')).to.match(
      /<h3>Title<\/h3>\s*<ul>\s*<li>one<\/li>\s*<li><strong>two<\/strong><\/li>/,
    )
  })

  it('has headings without a gap, whichever level its author began with', () => {
    expect(String(markdown('### One\n\n#### Two\n\n### Three', 1))).to.match(
      /<h2>One<\/h2>\s*<h3>Two<\/h3>\s*<h2>Three<\/h2>/,
    )
  })

  it('makes no header of an empty corner', () => {
    const table = written('|  | Soon | Later |\n|---|---|---|\n| Urgent | 1 | 2 |')
    expect(table).to.match(/<tr>\s*<td><\/td>\s*<th>Soon<\/th>/)
  })

  it('carries no script, whatever is written', () => {
    const attacks = [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '[x](javascript:alert(1))',
      '[x](data:text/html,<script>alert(1)</script>)',
      '<a href="java\nscript:alert(1)">x</a>',
      '![x](javascript:alert(1))',
      '<svg onload=alert(1)>',
      '```\n</code><script>alert(1)</script>\n```',
      '[x](https://a.example "\\" onmouseover=alert(1)")',
    ]
    for (const attack of attacks) {
      expect(written(attack), attack).not.to.match(/<(script|svg|[^>]*\son\w+=)/i)
      expect(written(attack), attack).not.to.match(/(href|src)="(javascript|data)/i)
    }
  })

  it('shows no picture from another host', () => {
    expect(
      written('![a](https://elsewhere.example/a.png) ![b](//elsewhere.example/b.png)'),
    ).not.to.match(/<img/)
    expect(written('![A map](/files/map)')).to.include('<img src="/files/map" alt="A map"')
  })

  it('gives links away to nobody', () => {
    expect(written('See https://example.org')).to.include('rel="nofollow noopener"')
  })

  it('is cut to a plain beginning', () => {
    expect(excerpt('**Bold** & *more* <b>')).to.equal('Bold & more <b>')
    expect(excerpt('word '.repeat(100), 20))
      .to.have.length.at.most(20)
      .and.match(/…$/)
  })
})
