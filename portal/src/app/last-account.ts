const key = 'account'

/** The id of the account that was open last in this tab's browser; a way in, and no right to it. */
export function lastAccount(): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

export function rememberAccount(id: string): void {
  try {
    localStorage.setItem(key, id)
  } catch {
    return // the next start is at the first account
  }
}
