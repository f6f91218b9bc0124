/** A sentence above a list. */
export const noteView = (text: string) => <p class="cw-soft">{text}</p>
