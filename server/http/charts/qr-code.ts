import { encode } from 'uqr'
import { html, type SafeHtml } from '../safe-html.js'

/** A QR code as SVG, dark on light in every theme: cameras read it so. */
export function qrCode({
  title,
  text,
}: {
  readonly title: string
  readonly text: string
}): SafeHtml {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const dots = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
  return html`<svg
    class="charts charts--qr"
    viewBox="0 0 ${size} ${size}"
    width="220"
    height="220"
    role="img"
    aria-label="${title}"
  >
    <rect width="${size}" height="${size}" fill="#fff" />
    <path d="${dots}" fill="#000" />
  </svg>`
}
