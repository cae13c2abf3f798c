import ButtonDropdown, { type ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown'
import { useNavigate } from 'react-router'
import { ask, changeMe, problemOf } from '../api/client'
import { useMe, useMeChanged } from './account'
import { AccountSwitch } from './account-switch'
import { appearances, useAppearance } from './appearance'
import { useFlash } from './flash'
import { useSignOut } from './sign-in'
import { isLanguage, languages, useLanguage, useText } from './texts'

/** The product's name, the account, the reader and how they like it. */
export function TopBar() {
  const t = useText()
  const navigate = useNavigate()
  return (
    <header id="top" className="top">
      <a
        className="brand"
        href="/"
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          void navigate('/')
        }}
      >
        <img src="/seat.svg" alt="" width="28" height="28" />
        <span>{t('app.product')}</span>
      </a>
      <AccountSwitch />
      <div className="own">
        <Languages />
        <Reader />
      </div>
    </header>
  )
}

/** The language is the person's own: it is kept with them, and so are their mails. */
function Languages() {
  const t = useText()
  const { language, setLanguage } = useLanguage()
  const changed = useMeChanged()
  const { say } = useFlash()
  const choose = async (id: string) => {
    if (!isLanguage(id)) return
    setLanguage(id)
    try {
      await ask(changeMe({ body: { language: id } }))
      changed({ language: id })
    } catch (error) {
      // The page is in that language all the same; it will not be next time.
      say({ type: 'warning', header: t('app.language.notKept'), content: problemOf(error).detail })
    }
  }
  const items = languages.map((id): ButtonDropdownProps.CheckboxItem => ({ id, itemType: 'checkbox', checked: id === language, text: t(`app.language.${id}`), lang: id }))
  return (
    <ButtonDropdown items={items} onItemClick={({ detail }) => void choose(detail.id)} ariaLabel={t('app.language', { name: t(`app.language.${language}`) })} expandToViewport>
      {language.toUpperCase()}
    </ButtonDropdown>
  )
}

function Reader() {
  const t = useText()
  const me = useMe()
  const signOut = useSignOut()
  const [appearance, setAppearance] = useAppearance()
  const name = me.name ?? me.email ?? t('app.reader')
  const items: ButtonDropdownProps.Items = [
    {
      id: 'appearance',
      text: t('app.appearance'),
      items: appearances.map((id) => ({ id, itemType: 'checkbox', checked: id === appearance, text: t(`app.appearance.${id}`) })),
    },
    { id: 'signOut', text: t('app.signOut'), iconName: 'external' },
  ]
  const choose = (id: string) => {
    const chosen = appearances.find((known) => known === id)
    if (chosen) setAppearance(chosen)
    else signOut()
  }
  return (
    <ButtonDropdown items={items} onItemClick={({ detail }) => choose(detail.id)} ariaLabel={t('app.reader.menu', { name })} expandToViewport>
      <span className="name">{name}</span>
      <span className="initials" aria-hidden="true">
        {initials(name)}
      </span>
    </ButtonDropdown>
  )
}

const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('')
    .toUpperCase()
