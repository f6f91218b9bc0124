/**
 * COPY as a stream (PostgreSQL protocol §55.2.7), which `pg` leaves to others: the server's text goes out no faster
 * than it is read, and comes in no faster than the server takes it.
 */
import type { PoolClient } from 'pg'

type Connection = {
  readonly query: (text: string) => void
  readonly sendCopyFromChunk: (chunk: Buffer) => void
  readonly endCopyFrom: () => void
  readonly sendCopyFail: (message: string) => void
  readonly stream: NodeJS.ReadWriteStream & { readonly writableNeedDrain: boolean }
}

/** How many bytes may wait before the server is asked to pause. */
const highWater = 1024 * 1024

/** One statement as `pg` drives it: it receives the server's messages until the server is ready for the next. */
abstract class CopyStatement {
  readonly #text: string
  readonly done: Promise<void>
  #settle!: { resolve: () => void; reject: (error: Error) => void }
  /** What `pg` sets and calls if the connection breaks. */
  callback = (error?: Error | null) => {
    if (error) this.handleError(error)
  }

  constructor(text: string) {
    this.#text = text
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.done.catch(() => {})
  }

  submit(connection: Connection): void {
    connection.query(this.#text)
  }

  /** After an error `pg` sends a statement no further events; the client's next statement waits until it is ready. */
  handleError(error: Error): void {
    this.ended(error)
    this.#settle.reject(error)
  }

  handleReadyForQuery(): void {
    this.ended(undefined)
    this.#settle.resolve()
  }

  protected abstract ended(error: Error | undefined): void

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCopyData(_message: { chunk: Buffer }, _connection: Connection): void {}
  handleCopyInResponse(connection: Connection): void {
    connection.sendCopyFail('nothing to send')
  }
}

class CopyOut extends CopyStatement {
  readonly #waiting: Buffer[] = []
  #bytes = 0
  #over = false
  #error: Error | undefined
  #wake: (() => void) | undefined
  #paused: Connection | undefined

  override handleCopyData({ chunk }: { chunk: Buffer }, connection: Connection): void {
    // Its buffer is reused for the next message.
    this.#waiting.push(Buffer.from(chunk))
    this.#bytes += chunk.length
    if (this.#bytes > highWater && !this.#paused) {
      this.#paused = connection
      connection.stream.pause()
    }
    this.#wake?.()
  }

  protected ended(error: Error | undefined): void {
    this.#over = true
    this.#error = error
    this.#wake?.()
  }

  async *read(): AsyncGenerator<Buffer> {
    for (;;) {
      if (this.#waiting.length > 0) {
        const chunk = Buffer.concat(this.#waiting)
        this.#waiting.length = 0
        this.#bytes = 0
        yield chunk
        continue
      }
      if (this.#paused) {
        this.#paused.stream.resume()
        this.#paused = undefined
      }
      if (this.#over) break
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#error) throw this.#error
    await this.done
  }

  /** Lets the server continue if the reader stops early. */
  drain(): void {
    this.#waiting.length = 0
    this.#bytes = Number.NEGATIVE_INFINITY
    this.#paused?.stream.resume()
  }
}

class CopyIn extends CopyStatement {
  readonly ready: Promise<Connection>
  #open!: (connection: Connection) => void
  #refuse!: (error: Error) => void

  constructor(text: string) {
    super(text)
    this.ready = new Promise((resolve, reject) => {
      this.#open = resolve
      this.#refuse = reject
    })
    this.ready.catch(() => {})
  }

  override handleCopyInResponse(connection: Connection): void {
    this.#open(connection)
  }

  protected ended(error: Error | undefined): void {
    if (error) this.#refuse(error)
  }
}

/** The output of `copy … to stdout`, piece by piece. The client serves nothing else until the end. */
export async function* copyOut(client: PoolClient, statement: string): AsyncGenerator<Buffer> {
  const out = new CopyOut(statement)
  client.query(out as never)
  let whole = false
  try {
    yield* out.read()
    whole = true
  } finally {
    if (!whole) {
      out.drain()
      await out.done.catch(() => {})
    }
  }
}

/** Sends pieces to `copy … from stdin`. An error in producing the pieces ends the statement and is thrown. */
export async function copyIn(client: PoolClient, statement: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const into = new CopyIn(statement)
  client.query(into as never)
  const connection = await into.ready
  try {
    for await (const piece of pieces) {
      connection.sendCopyFromChunk(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))
      if (connection.stream.writableNeedDrain)
        await Promise.race([new Promise<void>((resolve) => connection.stream.once('drain', resolve)), into.done])
    }
  } catch (error) {
    connection.sendCopyFail('the data broke off')
    await into.done.catch(() => {})
    throw error
  }
  connection.endCopyFrom()
  await into.done
}
