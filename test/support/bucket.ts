import S3rver from '@20minutes/s3rver'
import { S3Client } from '@bradenmacdonald/s3-lite-client'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A bucket at a server of the test's own. */
export interface Bucket {
  readonly s3Url: string
  /** Leaves a package as a process does that ends before it has sent a file of it. */
  interrupt(hash: string, file: string): Promise<void>
  close(): Promise<void>
}

const key = 'S3RVER'

/** Starts the server. It does not look at signatures: it takes those of lists amiss. */
export async function startBucket(): Promise<Bucket> {
  const directory = mkdtempSync(join(tmpdir(), 'palier-bucket-'))
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    allowMismatchedSignatures: true,
    configureBuckets: [{ name: 'palier' }],
  })
  const { port } = await server.run()
  const endPoint = `http://127.0.0.1:${port}`
  const region = 'us-east-1'
  const client = new S3Client({
    ...{ endPoint, region, bucket: 'palier', accessKey: key, secretKey: key },
  })
  return {
    s3Url: `http://${key}:${key}@127.0.0.1:${port}/palier?region=${region}`,
    async interrupt(hash, file) {
      await client.putObject(`unpacked/${hash}`, 'begun')
      await client.deleteObject(`packages/${hash}/${file}`)
    },
    async close() {
      await server.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
