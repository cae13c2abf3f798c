// As in an account's settings, and no more than a product may name.
const edition = /^[a-z][a-z0-9-]{0,30}$/
const most = 20

/** The editions that a text names, each once, parted by commas or spaces; undefined where one is none, or they are too many. */
export function editionsOf(typed: string): string[] | undefined {
  const words = [...new Set(typed.split(/[\s,;]+/).filter(Boolean))]
  return words.length <= most && words.every((word) => edition.test(word)) ? words : undefined
}
