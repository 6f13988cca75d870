/** Sends a form as a browser does from Palier's own page. */
export const postForm = (
  url: string,
  path: string,
  form: Readonly<Record<string, string>>,
  cookie = '',
): Promise<Response> =>
  fetch(new URL(path, url), {
    method: 'POST',
    body: new URLSearchParams({ ...form }),
    headers: { origin: url, ...(cookie && { cookie }) },
    redirect: 'manual',
  })

/** What a program sends with a cookie. */
export const programHeaders = (url: string, cookie: string) => ({
  cookie,
  origin: url,
  accept: 'application/json',
})

/** Posts as a program does, JSON or a form with files, and reads what comes back. Throws what was refused. */
export async function postJson(
  url: string,
  path: string,
  body: object,
  cookie: string,
): Promise<unknown> {
  const isForm = body instanceof FormData
  const answer = await fetch(new URL(path, url), {
    method: 'POST',
    headers: {
      ...programHeaders(url, cookie),
      ...(!isForm && { 'content-type': 'application/json' }),
    },
    body: isForm ? body : JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 500)}`)
  return text ? JSON.parse(text) : undefined
}

/** Looks at a page with a cookie, and follows nothing. */
export const getPage = (url: string, path: string, cookie = ''): Promise<Response> =>
  fetch(new URL(path, url), {
    headers: { accept: 'text/html', ...(cookie && { cookie }) },
    redirect: 'manual',
  })

/** The cookie of a new session. Throws the status where the sign-in was refused. */
export async function signIn(
  url: string,
  email: string,
  password = 'palier-demo',
): Promise<string> {
  const answer = await postForm(url, '/sign-in', { email, password })
  if (answer.status !== 303) throw new Error(`the sign-in was answered ${answer.status}`)
  return cookieOf(answer)
}

/** What a browser would send back of the cookies that were set. */
export const cookieOf = ({ headers }: Response): string =>
  headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

/** Chooses the language of one's pages. */
export async function speak(url: string, cookie: string, language: string): Promise<void> {
  const { status } = await postForm(
    url,
    '/me/preferences',
    { language, theme: 'system', timeZone: 'UTC' },
    cookie,
  )
  if (status !== 303) throw new Error(`the preferences were answered ${status}`)
}
