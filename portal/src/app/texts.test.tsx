import { act, render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { catalogs, type Catalog } from './language'
import { elided, Texts, useLanguage } from './texts'
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

it('drops the vowel of a French word before a name that begins with one, and changes no name', () => {
  expect(elided('Files d’attente de Agathe', { name: 'Agathe' })).toBe('Files d’attente d’Agathe')
  expect(elided('Les comptes que Élan accompagne', { name: 'Élan' })).toBe('Les comptes qu’Élan accompagne')
  expect(elided('Menu de Zoé', { name: 'Zoé' })).toBe('Menu de Zoé')
  expect(elided('Systèmes de Contrat de Amiens', { name: 'Contrat de Amiens', count: 2 })).toBe('Systèmes de Contrat de Amiens')
})
