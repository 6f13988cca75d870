/** What is wrong with one field: `path` as in the form, `code` names its translation. */
export interface FieldError {
  readonly path: string
  readonly code: string
  readonly values?: Readonly<Record<string, string | number>>
}

/** What an error tells besides its code: values for its sentence, and errors per field. */
export interface ErrorDetails {
  readonly values?: Readonly<Record<string, string | number>>
  readonly errors?: readonly FieldError[]
  /** Extra members of the problem document (RFC 9457 §3.2). */
  readonly members?: Readonly<Record<string, unknown>>
}

/** An expected failure. Its code `owner:kebab` is stable, and names its translation `owner:errors.kebab`. */
export class AppError extends Error {
  readonly status: number
  readonly code: string
  readonly details: ErrorDetails

  // eslint-disable-next-line max-params -- the three of its children, and the status they stand for
  constructor(status: number, code: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(code, options)
    this.name = new.target.name
    this.status = status
    this.code = code
    this.details = details
  }
}

export class Unauthenticated extends AppError {
  constructor(code = 'core:unauthenticated', details?: ErrorDetails) {
    super(401, code, details)
  }
}

export class Forbidden extends AppError {
  constructor(code = 'core:forbidden', details?: ErrorDetails) {
    super(403, code, details)
  }
}

export class NotFound extends AppError {
  constructor(code = 'core:not-found', details?: ErrorDetails) {
    super(404, code, details)
  }
}

export class Conflict extends AppError {
  constructor(code: string, details?: ErrorDetails, options?: ErrorOptions) {
    super(409, code, details, options)
  }
}

export class TooLarge extends AppError {
  constructor(code = 'core:too-large', details?: ErrorDetails) {
    super(413, code, details)
  }
}

export class Invalid extends AppError {
  constructor(code: string, details?: ErrorDetails, options?: ErrorOptions) {
    super(422, code, details, options)
  }
}

export class TooMany extends AppError {
  constructor(code = 'core:too-many', details?: ErrorDetails) {
    super(429, code, details)
  }
}

export class Unavailable extends AppError {
  constructor(code = 'core:unavailable', details?: ErrorDetails, options?: ErrorOptions) {
    super(503, code, details, options)
  }
}
