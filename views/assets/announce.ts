/** Milliseconds until a screen reader has taken in the page, and until it has read what was said. */
const [settled, read] = [200, 5000]

let here = location.pathname

/**
 * Tells a screen reader what it would have heard had the browser loaded the page: which one it is, unless it is the same, and what
 * became of a form. A region that comes with its text already in it is not read.
 */
document.addEventListener('turbo:load', () => {
  const said = document.querySelector('main > [role=status]')?.textContent?.trim()
  const words = [said, location.pathname === here ? '' : document.title].filter(Boolean).join('. ')
  here = location.pathname
  if (words) setTimeout(() => announce(words), settled)
})

function announce(words: string): void {
  const line = document.createElement('p')
  line.className = 'visually-hidden'
  line.textContent = words
  document.querySelector('.toasts')?.append(line)
  setTimeout(() => line.remove(), read)
}
