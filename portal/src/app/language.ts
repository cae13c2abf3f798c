export const languages = ['fr', 'en'] as const
export type Language = (typeof languages)[number]

export const isLanguage = (said: string | undefined): said is Language => languages.some((known) => known === said)

/** The first of the browser's languages that is one of ours. */
export function browserLanguage(): Language {
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

export type Catalog = typeof import('../texts/fr')

/** The texts of a language, loaded on demand. */
export const catalogs: Record<Language, () => Promise<Catalog>> = { fr: () => import('../texts/fr'), en: () => import('../texts/en') }
