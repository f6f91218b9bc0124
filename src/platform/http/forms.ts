/** Forms as browsers send them, with files streamed to a private directory that is emptied after the response. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { notAllowed, Problem } from '#kernel/problem.ts'
import type { UploadedFile } from '../page.ts'
import { isForm, isToken } from './cross-origin.ts'

export type Form = {
  /** Fields by name, without the token; repeated ones are lists. */
  readonly form: Readonly<Record<string, string | string[]>>
  readonly files: Readonly<Record<string, UploadedFile>>
}

export type UploadLimits = {
  /** Size limit of one file in bytes. */
  readonly fileBytes: number
  readonly files: number
  /** Size limit in bytes of everything one request sends. */
  readonly requestBytes: number
  /** Limit in bytes of what one caller has waiting in temporary files. */
  readonly callerBytes: number
  /** Where private folders for uploads are made. */
  readonly folder: string
}

export const uploadLimits: UploadLimits = {
  fileBytes: 200_000_000,
  files: 5,
  requestBytes: 250_000_000,
  callerBytes: 500_000_000,
  folder: tmpdir(),
}

/** Name of the field that carries the token. */
export const tokenField = 'csrf'

/** Removes the files of a request once it has been answered or aborted. */
export function cleanUploads(server: FastifyInstance): void {
  const clean = async (request: FastifyRequest) => {
    const folder = request.uploadFolder
    if (!folder) return
    request.uploadFolder = null
    await rm(folder, { recursive: true, force: true })
    const { account } = request.callerFacts.caller
    if (account) settle(account, -request.uploadBytes)
  }
  server.addHook('onResponse', clean)
  server.addHook('onRequestAbort', clean)
}

/**
 * The fields and files of a submitted form.
 * Files are taken where the route says so (`takesFiles`), from callers who are signed in.
 * @throws NotAllowed `http.form-token` where the token is missing or wrong, `http.unsupported-media-type` for anything
 * but a form, `http.file-too-large`, `http.too-many-files`, `http.too-many-fields`.
 */
export async function formOf(request: FastifyRequest, limits: Partial<UploadLimits> = {}): Promise<Form> {
  const type = request.headers['content-type']
  if (!isForm(type) || /^text\/plain/i.test(type ?? ''))
    throw new Problem('Invalid', 'http.unsupported-media-type', { status: 415 })
  const files = /^multipart\//i.test(type ?? '')
  if (files && !(request.routeOptions.config.takesFiles && request.callerFacts.caller.account))
    throw new Problem('Invalid', 'http.no-files-here', { status: 415 })
  const read = files
    ? await readParts(request, { ...uploadLimits, ...limits })
    : { fields: plainFields(request.body), files: {} }
  checkToken(request, read.fields[tokenField])
  const { [tokenField]: _, ...form } = read.fields
  return { form, files: read.files }
}

function checkToken(request: FastifyRequest, token: unknown): void {
  const { csrf, csrfBefore = [] } = request.callerFacts
  if (![csrf, ...csrfBefore].some((expected) => isToken(token, expected))) throw notAllowed('http.form-token')
}

function plainFields(body: unknown): Record<string, string | string[]> {
  if (typeof body !== 'object' || body === null) return {}
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)]),
  )
}

async function readParts(request: FastifyRequest, limits: UploadLimits) {
  const fields: Record<string, string | string[]> = Object.create(null)
  const files: Record<string, UploadedFile> = Object.create(null)
  const parts = request.parts({
    limits: { fileSize: limits.fileBytes, files: limits.files, fields: 500, fieldSize: 100_000, parts: 600 },
  })
  for await (const part of parts) {
    if (part.type === 'file') {
      // Our forms send the token before any file, so nothing is stored for an unverified sender.
      checkToken(request, fields[tokenField])
      const file = await store(request, part, limits, Object.keys(files).length)
      if (file) files[part.fieldname] = file
    } else if (typeof part.value === 'string') {
      const before = fields[part.fieldname]
      fields[part.fieldname] = before === undefined ? part.value : [before, part.value].flat()
    }
  }
  return { fields: { ...fields }, files: { ...files } }
}

/** Bytes in temporary files, by account. In memory: one process serves the pages of a database. */
const waiting = new Map<string, number>()

function settle(account: string, bytes: number): number {
  const sum = (waiting.get(account) ?? 0) + bytes
  if (sum > 0) waiting.set(account, sum)
  else waiting.delete(account)
  return sum
}

/** Counts what is stored while it comes in, so that nothing beyond a limit reaches the disk. */
const counted = (request: FastifyRequest, limits: UploadLimits) =>
  async function* (chunks: AsyncIterable<Buffer>) {
    const account = request.callerFacts.caller.account!
    for await (const chunk of chunks) {
      request.uploadBytes += chunk.length
      const sum = settle(account, chunk.length)
      if (request.uploadBytes > limits.requestBytes)
        throw new Problem('Invalid', 'http.files-too-large', { status: 413 })
      if (sum > limits.callerBytes) throw new Problem('TooMany', 'http.files-waiting')
      yield chunk
    }
  }

const folderName = 'commonweal-upload-'

/**
 * Removes temporary files that earlier processes left behind; called once, before the first request. Those of a process
 * that lives are another installation's.
 */
export async function sweepUploads(folder: string = uploadLimits.folder): Promise<number> {
  const left = (await readdir(folder)).filter((name) => name.startsWith(folderName) && !isInUse(name))
  // What belongs to another user stays, and is swept when they start.
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true }).catch(() => {})))
  return left.length
}

function isInUse(name: string): boolean {
  const pid = Number(/^(\d+)-/.exec(name.slice(folderName.length))?.[1] ?? 0)
  if (pid === 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

async function store(
  request: FastifyRequest,
  part: MultipartFile,
  limits: UploadLimits,
  index: number,
): Promise<UploadedFile | undefined> {
  request.uploadFolder ??= await mkdtemp(join(limits.folder, `${folderName}${process.pid}-`))
  const path = join(request.uploadFolder, String(index))
  const target = createWriteStream(path, { mode: 0o600 })
  await pipeline(part.file, counted(request, limits), target)
  if (part.file.truncated) throw new Problem('Invalid', 'http.file-too-large', { status: 413 })
  // What a browser sends for an empty file field: no name, no bytes.
  if (part.filename === '' && target.bytesWritten === 0) return undefined
  return { name: basename(part.filename).slice(0, 200), type: part.mimetype, path, bytes: target.bytesWritten }
}
