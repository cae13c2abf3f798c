import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, refusal } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import BillingProfile from '.'

const path = `/v1/accounts/${accountId}/billing-profile`
const kept = { legalName: 'Ateliers SAS', street: '1 rue Haute', postalCode: '69001', city: 'Lyon', country: 'FR', taxNumber: '', email: '' }
const field = (name: RegExp) => screen.getByRole<HTMLInputElement>('textbox', { name })

describe('billing details', () => {
  it('are shown, and saved as a whole under what was read', async () => {
    const sent = answering({ [`GET ${path}`]: () => ({ body: kept, headers: { ETag: '"7"' } }), [`PUT ${path}`]: () => ({ body: kept }) })
    show(<BillingProfile />, { language: 'fr' })
    await screen.findByRole('heading', { name: 'Coordonnées de facturation' })
    expect(screen.getByText('France')).toBeTruthy()
    await userEvent.type(field(/Numéro fiscal/), 'FR40303265045')
    await userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }))
    expect(await screen.findByText('Les coordonnées de facturation ont été enregistrées.')).toBeTruthy()
    const put = sent.find(({ method }) => method === 'PUT')!
    expect(put.headers.get('If-Match')).toBe('"7"')
    const { email, ...said } = kept
    expect(email).toBe('')
    expect(put.body).toEqual({ ...said, taxNumber: 'FR40303265045' })
  })

  it('say beside the field what is missing and what was refused, and keep what was typed', async () => {
    const sent = answering({
      [`GET ${path}`]: () => ({ body: { ...kept, city: '' }, headers: { ETag: '"7"' } }),
      [`PUT ${path}`]: () => refusal(422, 'invalid_request', 'Some values.', { errors: [{ location: 'body.taxNumber', code: 'tax_number_malformed', detail: 'is no French number' }] }),
    })
    show(<BillingProfile />)
    await userEvent.click(await screen.findByRole('button', { name: 'Save' }))
    expect(await screen.findByText('Fill this in.')).toBeTruthy()
    expect(sent.some(({ method }) => method === 'PUT')).toBe(false)
    await userEvent.type(field(/City/), 'Lyon')
    await userEvent.type(field(/Tax number/), 'FR1')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(screen.getAllByText('is no French number').length).toBe(2))
    expect(field(/Tax number/).value).toBe('FR1')
  })

  it('make a choice of what somebody else saved meanwhile', async () => {
    let rev = 7
    const sent = answering({
      [`GET ${path}`]: () => ({ body: rev === 7 ? kept : { ...kept, legalName: 'Ateliers Réunis' }, headers: { ETag: `"${rev}"` } }),
      [`PUT ${path}`]: ({ headers }) => {
        if (headers.get('If-Match') === '"8"') return { body: kept }
        rev = 8
        return refusal(412, 'precondition_failed', 'Changed.')
      },
    })
    show(<BillingProfile />)
    await userEvent.type(await screen.findByRole('textbox', { name: /Legal name/ }), ' et fils')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText(/Ateliers Réunis/)).toBeTruthy()
    expect(field(/Legal name/).value).toBe('Ateliers SAS et fils')
    await userEvent.click(screen.getByRole('button', { name: 'Save mine' }))
    expect(await screen.findByText('The billing details were saved.')).toBeTruthy()
    expect(sent.filter(({ method }) => method === 'PUT').map(({ headers }) => headers.get('If-Match'))).toEqual(['"7"', '"8"'])
  })
})
