import { I18nProvider } from '@cloudscape-design/components/i18n'
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { createIntl, RawIntlProvider, useIntl, type IntlShape } from 'react-intl'
import { catalogs, type Catalog, type Language } from './language'

export * from './language'

// The reader's own region where the browser names one: it decides how a date or a number is written.
function localeOf(language: Language): string {
  const regional = navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${language}-`))
  return regional ?? { fr: 'fr-FR', en: 'en-GB' }[language]
}

// The API's words are asked for in the language on the screen.
let current: Language = 'en'
export const currentLanguage = (): Language => current

type Choice = { language: Language; setLanguage: (language: Language) => void }
const Chosen = createContext<Choice>({ language: 'en', setLanguage: () => undefined })

/** Puts the texts of a language, Cloudscape's own among them, within reach. Nothing is shown until they are there. */
export function Texts({ first, children }: { first: Language; children: ReactNode }) {
  const [shown, setShown] = useState<{ language: Language; catalog: Catalog }>()
  const [failed, setFailed] = useState<unknown>()
  const asked = useRef<Language>(undefined)
  const setLanguage = useCallback((language: Language) => {
    asked.current = language
    catalogs[language]().then((catalog) => {
      if (asked.current !== language) return // another was chosen while this one was on its way
      current = language
      document.documentElement.lang = language
      setShown({ language, catalog })
    }, setFailed)
  }, [])
  useEffect(() => setLanguage(first), [first, setLanguage])
  const intl = useMemo(() => shown && intlOf(shown.language, shown.catalog.texts), [shown])
  const choice = useMemo(() => ({ language: shown?.language ?? first, setLanguage }), [shown, first, setLanguage])
  if (failed !== undefined) throw failed
  if (!shown || !intl) return null
  return (
    <Chosen.Provider value={choice}>
      <RawIntlProvider value={intl}>
        <I18nProvider locale={shown.language} messages={[shown.catalog.messages]}>
          {children}
        </I18nProvider>
      </RawIntlProvider>
    </Chosen.Provider>
  )
}

export function intlOf(language: Language, texts: Record<string, string>): IntlShape {
  return createIntl({
    locale: localeOf(language),
    messages: texts,
    onError: (error) => {
      // A test finds every key that is missing; a reader is better served by the key than by no page.
      if (import.meta.env.MODE === 'test') throw error
      console.error(error)
    },
  })
}

export const useLanguage = (): Choice => useContext(Chosen)

export type Values = Record<string, string | number | Date | boolean | null | undefined>
export type Text = (id: string, values?: Values) => string

const vowel = /^[aeiouàâäéèêëîïôöùûü]/i

/** French says « d’Agathe » and « qu’Agathe » where a catalog has « de {name} » and « que {name} ». */
export function elided(text: string, values: Values): string {
  const named = Object.values(values).filter((value) => typeof value === 'string' && vowel.test(value)) as string[]
  return named.reduce((said, name) => said.replaceAll(` de ${name}`, ` d’${name}`).replaceAll(` que ${name}`, ` qu’${name}`), text)
}

/** `t('contracts.title')`: a text of the catalog, with values put in by ICU's rules. */
export function useText(): Text {
  const intl = useIntl()
  return useCallback(
    (id: string, values?: Values) => {
      const text = intl.formatMessage({ id }, values)
      return values && intl.locale.startsWith('fr') ? elided(text, values) : text
    },
    [intl],
  )
}
