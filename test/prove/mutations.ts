/** A defence that is taken away from a copy of the product, and the test that has to notice. */
export interface Mutation {
  readonly defence: string
  readonly file: string
  /** Stands in the file once. */
  readonly from: string
  readonly to: string
  readonly test: string
}

export const mutations: readonly Mutation[] = [
  {
    defence: 'a request from another site is refused',
    file: 'server/http/same-origin.ts',
    from: "  throw new Forbidden('core:cross-site')\n",
    to: '',
    test: 'test/server/http/same-origin.test.ts',
  },
  {
    defence: 'a cell of a file is no formula',
    file: 'server/http/csv.ts',
    from: 'escape_formulas: true',
    to: 'escape_formulas: false',
    test: 'test/server/http/list-files.test.ts',
  },
  {
    defence: 'signing in begins another session',
    file: 'server/domain/people/authentication.ts',
    from: '  await called((done) => req.session.regenerate(done))\n',
    to: '',
    test: 'test/server/people/sign-in.test.ts',
  },
  {
    defence: 'passwords are not tried without end',
    file: 'server/domain/people/limits.ts',
    from: '  if (seconds > 0) throw tooMany(seconds)\n',
    to: '',
    test: 'test/server/people/stuffing.test.ts',
  },
  {
    defence: 'a line of the audit log cannot be changed unseen',
    file: 'server/domain/people/audit.ts',
    from: ' || entry.hash !== hashOf(entry, before)',
    to: '',
    test: 'test/server/people/audit-chain.test.ts',
  },
  {
    defence: 'an address that carries a right is signed',
    file: 'server/http/signing.ts',
    from: '  if (!isSame(given, signature(purpose, body))) return undefined\n',
    to: '',
    test: 'test/server/learning/agenda.test.ts',
  },
]
