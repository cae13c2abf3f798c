import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, refusal } from '../../testing/answers'
import { show } from '../../testing/render'
import { countries } from './countries'
import { SellerMissing } from './missing'
import { useSeller } from './read'
import Seller from '.'

const path = '/v1/catalog/seller'
const kept = { legalName: 'Éditions SAS', street: '1 rue Haute', postalCode: '44000', city: 'Nantes', country: 'FR', taxNumber: 'FR40303265045', registration: 'RCS Nantes' }
const none = () => refusal(404, 'not_found', 'Nothing here.')
const field = (name: RegExp) => screen.getByRole<HTMLInputElement>('textbox', { name })
/** Puts a text behind what a field holds, at once. */
async function fill(input: HTMLElement, text: string): Promise<void> {
  await userEvent.click(input)
  await userEvent.paste(text)
}
const operator = { me: { operator: true } }

describe('the seller', () => {
  it('is filled in for the first time without anything to match', async () => {
    let there = false
    const sent = answering({
      [`GET ${path}`]: () => (there ? { body: kept, headers: { ETag: '"1"' } } : none()),
      [`PUT ${path}`]: () => {
        there = true
        return { body: kept }
      },
    })
    show(<Seller />, { ...operator, language: 'fr' })
    expect(await screen.findByText(/aucun devis ne peut être établi/)).toBeTruthy()
    await fill(field(/Raison sociale/), 'Éditions SAS')
    await fill(field(/Numéro et rue/), '1 rue Haute')
    await fill(field(/Ville/), 'Nantes')
    await fill(field(/Mentions légales/), 'RCS Nantes')
    await userEvent.click(screen.getByRole('button', { name: /Pays/ }))
    expect(document.querySelectorAll('[role=option]').length).toBe(countries.length)
    await userEvent.click(screen.getByRole('option', { name: /France/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }))
    expect(await screen.findByText('Le vendeur a été enregistré.')).toBeTruthy()
    const put = sent.find(({ method }) => method === 'PUT')!
    expect(put.headers.get('If-Match')).toBeNull()
    expect(put.body).toEqual({ legalName: 'Éditions SAS', street: '1 rue Haute', city: 'Nantes', country: 'FR', registration: 'RCS Nantes' })
    // What was saved is what stands there now.
    await waitFor(() => expect(field(/Numéro fiscal/).value).toBe('FR40303265045'))
  })

  it('is sent whole under what was read, and refused beside its fields with what was typed still there', async () => {
    const sent = answering({
      [`GET ${path}`]: () => ({ body: kept, headers: { ETag: '"7"' } }),
      [`PUT ${path}`]: () =>
        refusal(422, 'invalid_request', 'Some values.', {
          errors: [
            { location: 'body.taxNumber', code: 'tax_number_malformed', detail: 'is no French number' },
            { location: 'body.registration', code: 'too_long', detail: 'is too long' },
          ],
        }),
    })
    show(<Seller />, operator)
    await fill(await screen.findByRole('textbox', { name: /Legal notice/ }), ' 303')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    // Once in the list, once at the field.
    await waitFor(() => expect([screen.getAllByText('is no French number').length, screen.getAllByText('is too long').length]).toEqual([2, 2]))
    expect(field(/Legal notice/).value).toBe('RCS Nantes 303')
    const put = sent.find(({ method }) => method === 'PUT')!
    expect([put.headers.get('If-Match'), put.body]).toEqual(['"7"', { ...kept, registration: 'RCS Nantes 303' }])
  })

  it('is a choice where another operator filled it in meanwhile', async () => {
    let there = false
    const sent = answering({
      [`GET ${path}`]: () => (there ? { body: kept, headers: { ETag: '"1"' } } : none()),
      [`PUT ${path}`]: ({ headers }) => {
        if (headers.get('If-Match') === '"1"') return { body: kept }
        there = true
        return refusal(428, 'if_match_required', 'There is one.')
      },
    })
    show(<Seller />, operator)
    await fill(await screen.findByRole('textbox', { name: /Legal name/ }), 'Mine')
    await fill(field(/Street/), '2 High Street')
    await fill(field(/City/), 'Cork')
    await userEvent.click(screen.getByRole('button', { name: /Country/ }))
    await userEvent.click(await screen.findByRole('option', { name: /Ireland/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('Somebody else changed the seller meanwhile')).toBeTruthy()
    expect(field(/Legal name/).value).toBe('Mine')
    await userEvent.click(screen.getByRole('button', { name: 'Save mine' }))
    expect(await screen.findByText('The seller was saved.')).toBeTruthy()
    expect(sent.filter(({ method }) => method === 'PUT').map(({ headers }) => headers.get('If-Match'))).toEqual([null, '"1"'])
  })

  it('may be in the countries of whose taxes the API knows', () => {
    const table = /countries = map\[string\]rates\{([^]*?)\n\}/.exec(readFileSync(join(import.meta.dirname, '../../../../internal/tax/tax.go'), 'utf8'))?.[1] ?? ''
    const known = [...table.matchAll(/"([A-Z]{2})": \{/g)].map(([, code]) => code)
    expect(known.length).toBeGreaterThan(20)
    expect([...countries].sort()).toEqual(known.sort())
  })
})

/** Tells when what is read of the seller has been answered. */
const Known = () => (useSeller().isPending ? null : 'It is known.')

describe('what follows from nobody selling', () => {
  it('is told to operators, with the way to change it', async () => {
    answering({ [`GET ${path}`]: none })
    show(<SellerMissing />, operator)
    expect(await screen.findByText('Nobody sells yet')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Fill in the seller' }).getAttribute('href')).toBe('/seller')
  })

  it('is not told once somebody sells, nor where that cannot be read', async () => {
    for (const answer of [() => ({ body: kept, headers: { ETag: '"1"' } }), () => refusal(403, 'vendor_only', 'No.')]) {
      answering({ [`GET ${path}`]: answer })
      const { unmount } = show(
        <>
          <SellerMissing />
          <Known />
        </>,
        operator,
      )
      await screen.findByText('It is known.')
      expect(screen.queryByText('Nobody sells yet')).toBeNull()
      unmount()
    }
  })
})
