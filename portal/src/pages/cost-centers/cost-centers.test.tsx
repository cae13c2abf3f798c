import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import CostCenters from '.'

const list = `/v1/accounts/${accountId}/cost-centers`
const center = (name: string, pools: number) => ({ id: `cc_${name}`, name, state: 'active', pools })
const answers: Answers = {
  [`GET ${list}`]: ({ query }) => ({ body: { items: query.get('state') === 'archived' ? [] : [center('Sales', 2), center('Old', 0)] } }),
  [`GET ${list}/cc_Sales`]: () => ({ body: center('Sales', 2), headers: { ETag: '"1"' } }),
  [`GET ${list}/cc_Old`]: () => ({ body: center('Old', 0), headers: { ETag: '"3"' } }),
}

describe('cost centers', () => {
  it('are listed, the archived apart', async () => {
    answering(answers)
    show(<CostCenters />, { language: 'fr', permissions: ['view'] })
    expect((await screen.findByText('Sales')).closest('tr')!.textContent).toContain('2 produits de contrats')
    expect(screen.queryByText('Renommer')).toBeNull()
    await userEvent.click(screen.getByText('Archivés'))
    expect(await screen.findByText('Aucun centre de coûts archivé')).toBeTruthy()
  })

  it('are archived under their tag, and not while they carry seats', async () => {
    const sent = answering({ ...answers, [`PATCH ${list}/cc_Old`]: () => ({ body: { ...center('Old', 0), state: 'archived' } }) })
    show(<CostCenters />)
    await screen.findByText('Sales')
    await userEvent.click(screen.getByLabelText('Archive Sales'))
    let dialog = screen.getByRole('dialog')
    expect(await within(dialog).findByText(/cannot be archived/)).toBeTruthy()
    expect(within(dialog).getByText('Archive').closest('button')).toHaveProperty('disabled', true)
    await userEvent.click(within(dialog).getByText('Cancel'))
    await userEvent.click(screen.getByLabelText('Archive Old'))
    dialog = screen.getByRole('dialog')
    await within(dialog).findByText(/offered nowhere/)
    await waitFor(() => expect(within(dialog).getByText('Archive').closest('button')).toHaveProperty('disabled', false))
    await userEvent.click(within(dialog).getByText('Archive'))
    expect(await screen.findByText('Old is archived.')).toBeTruthy()
    expect(sent.find(({ method }) => method === 'PATCH')!.headers.get('If-Match')).toBe('"3"')
  })

  it('keep a name that is taken in the box, with the reason', async () => {
    answering({ ...answers, [`POST ${list}`]: () => refusal(409, 'cost_center_name_taken', 'There is one called Sales.') })
    show(<CostCenters />)
    await screen.findByText('Sales')
    await userEvent.click(screen.getByText('Create a cost center'))
    const dialog = screen.getByRole('dialog')
    await userEvent.type(within(dialog).getByRole('textbox'), 'Sales')
    await userEvent.click(within(dialog).getByText('Create'))
    expect(await within(dialog).findByText('There is one called Sales.')).toBeTruthy()
    expect(within(dialog).getByRole('textbox')).toHaveProperty('value', 'Sales')
  })
})
