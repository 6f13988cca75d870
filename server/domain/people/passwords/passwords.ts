import { hash, verify } from '@node-rs/argon2'
import { z } from 'zod'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** A password somebody chooses, up to what a hash need not fear; whether it is accepted, their institution's rule says. */
export const newPassword = z.string().min(1).max(200, { error: 'people:password-too-long' })

/** Hash of a password, with its salt and cost inside. */
export const hashPassword = (password: string): Promise<string> => hash(normalised(password), cost)

/** Whether a password is the one hashed. Without a hash it is never so, and takes as long to say. */
export async function isPassword(password: string, hashed: string | undefined): Promise<boolean> {
  compared += 1
  const matches = await verify(hashed ?? (await decoy()), normalised(password))
  return matches && hashed !== undefined
}

let compared = 0

/** How many passwords this process has compared: the work by which a sign-in could be told from another. */
export const passwordsCompared = (): number => compared

let made: Promise<string> | undefined
const decoy = (): Promise<string> => (made ??= hashPassword('nobody has this password'))

/** The same characters typed on another keyboard are the same password (RFC 8265). */
export const normalised = (password: string): string => password.normalize('NFKC').slice(0, 200)
