import type { View } from '#kernel/view.ts'
import { Button } from '#web/parts/button.tsx'
import { QuietSelect } from '#web/parts/choose.tsx'
import { Heading } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, type Text, Words } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { PostForm } from '#web/parts/post.tsx'

export type BoardCard = NamedLink & {
  readonly id: string
  readonly code: string
  readonly version: number
  readonly organisation: Text | null
  /** Where the reader may move it. */
  readonly moves: ReadonlyArray<{ readonly value: string; readonly label: string }>
}
export type BoardView = {
  /** The address of this board, to which a move is posted. */
  readonly action: string
  readonly columns: ReadonlyArray<{
    readonly label: string
    readonly count: number
    /** The whole column as a list, if it is cut. */
    readonly more?: string
    readonly cards: readonly BoardCard[]
  }>
  /** How many stand in no column. */
  readonly without?: number
  /** Why a card could not be moved. */
  readonly mistake?: string
}

/** A list as columns of cards. Cards are moved by a form, so that it works with a keyboard and without scripts. */
export function Board({ board, view }: { board: BoardView; view: View }) {
  const { say, language } = view
  const number = new Intl.NumberFormat(language)
  return (
    <>
      {board.mistake && (
        <Notice tone="problem" announced>
          <p>{board.mistake}</p>
        </Notice>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable with the keyboard */}
      <section class="cw-board" aria-label={say('record.list.as.board')} tabIndex={0}>
        {board.columns.map((column, index) => (
          <section key={column.label} class="cw-board-column" aria-labelledby={`board-${index}`}>
            <Heading id={`board-${index}`}>
              {column.label} <bdi class="cw-count">{number.format(column.count)}</bdi>
            </Heading>
            {column.cards.length === 0 ? (
              <p class="cw-soft cw-small">{say('record.page.nothing')}</p>
            ) : (
              <ul>
                {column.cards.map((card) => (
                  <li key={card.id} class="cw-board-card">
                    <NameLink name={card} />
                    <p class="cw-soft cw-small">
                      <bdi>{card.code}</bdi>
                      {card.organisation && (
                        <>
                          {' · '}
                          <Words text={card.organisation} />
                        </>
                      )}
                    </p>
                    {card.moves.length > 0 && <Move card={card} board={board} view={view} />}
                  </li>
                ))}
              </ul>
            )}
            {column.more && (
              <a href={column.more}>{say('record.list.column-more', { count: column.count, column: column.label })}</a>
            )}
          </section>
        ))}
      </section>
      {board.without !== undefined && <p class="cw-soft">{say('record.list.column-none', { count: board.without })}</p>}
    </>
  )
}

function Move({ card, board, view }: { card: BoardCard; board: BoardView; view: View }) {
  const { say } = view
  const label = say('record.list.move', { name: card.text })
  return (
    <PostForm action={board.action} csrf={view.csrf} hidden={{ record: card.id, version: String(card.version) }} row>
      <QuietSelect
        id={`move-${card.id}`}
        name="to"
        label={label}
        options={card.moves.map(({ value, label: text }) => ({ id: value, label: text }))}
        value=""
        emptyLabel={say('record.list.move-to')}
      />
      <Button variant="secondary">{say('record.list.move-now')}</Button>
    </PostForm>
  )
}
