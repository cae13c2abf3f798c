import { act, render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { catalogs, type Catalog } from './language'
import { Texts, useLanguage } from './texts'
import * as en from '../texts/en'
import * as fr from '../texts/fr'

function Choose() {
  const { language, setLanguage } = useLanguage()
  return (
    <>
      <p>{language}</p>
      <button onClick={() => setLanguage('fr')}>Français</button>
      <button onClick={() => setLanguage('en')}>English</button>
    </>
  )
}

it('shows the language that was chosen last, whichever arrives last', async () => {
  let arrives: (catalog: Catalog) => void = () => undefined
  vi.spyOn(catalogs, 'en').mockResolvedValue(en as unknown as Catalog)
  vi.spyOn(catalogs, 'fr').mockReturnValue(new Promise((done) => (arrives = done)))
  render(
    <Texts first="en">
      <Choose />
    </Texts>,
  )
  const french = await screen.findByText('Français')
  await act(async () => {
    french.click()
    screen.getByText('English').click()
    await Promise.resolve()
    arrives(fr)
  })
  expect(screen.getByRole('paragraph').textContent).toBe('en')
  expect(document.documentElement.lang).toBe('en')
})
