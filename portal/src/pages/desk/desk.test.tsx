import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { answering } from '../../testing/answers'
import { show } from '../../testing/render'
import Desk from '.'

const partner = { id: 'par_1', name: 'Atlantic', contact: { name: 'Atlantic' } }
const account = (name: string, overview?: object) => ({ id: `acc_${name}`, name, link: '', contact: { name: 'Rachel Reed' }, overview })
const fine = { warning: 0, full: 0, overLimit: 0, notSet: 0, due: 0, overMapped: 0, atLeast: false, asOf: '2026-11-21T09:00:00Z' }

describe('a partner’s desk', () => {
  it('shows what stands of each account, and says where it was not counted yet', async () => {
    answering({ 'GET /v1/partners/par_1/accounts': () => ({ body: { items: [account('Busy', { ...fine, full: 2, due: 1 }), account('Calm', fine), account('New')] } }) })
    show(<Desk />, { language: 'fr', me: { partner } })
    const busy = (await screen.findByText('Busy')).closest('tr')!
    expect(busy.textContent).toContain('2 lignes complètes')
    expect(busy.textContent).toContain('1 contrat bientôt expiré')
    expect(screen.getByText('Calm').closest('tr')!.textContent).toContain('Rien à signaler')
    expect(screen.getByText('New').closest('tr')!.textContent).toContain('Pas encore compté')
  })
})
