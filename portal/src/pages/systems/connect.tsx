import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import { ask, connectSystems, idempotencyKey, listContracts, newKey, Problem, type ContractListOutput, type ContractWire, type SystemConnectOutput, type SystemWire } from '../../api/client'
import { Confirm } from '../../app/confirm'
import { Contact } from '../../app/contact'
import { useContact } from '../../app/account'
import { useFlash } from '../../app/flash'
import { useFormat } from '../../app/format'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { useSearch } from '../../app/use-search'

type Props = {
  accountId: string
  systems: SystemWire[]
  /** The lists are to be read anew. */
  changed: () => Promise<void>
  /** What was selected is done. */
  forget: () => void
  close: () => void
}

/** Chooses a contract for the systems, connects them, and says what became of each where not all went well. */
export function Connect({ accountId, systems, changed, forget, close }: Props) {
  const t = useText()
  const { say } = useFlash()
  const [contract, setContract] = useState<ContractWire>()
  const [answer, setAnswer] = useState<SystemConnectOutput>()
  // Of this choice: a repeat after a lost answer is the same request, another choice is another.
  const [key, setKey] = useState(newKey)
  const choose = (chosen: ContractWire | undefined) => {
    setContract(chosen)
    setKey(newKey())
  }
  const confirm = async () => {
    if (!contract) return
    const said = await connect(contract)
    if (said.results.every(wentWell)) {
      say({ type: 'success', content: t('systems.connected', { count: said.results.length, contract: contract.name }) })
      if (said.contract.systems.state === 'over') say({ type: 'warning', content: t('systems.overNow', { contract: contract.name }) })
      close()
    } else setAnswer(said)
    forget()
    await changed()
  }
  // Where no system could be connected the API refuses as a whole, and says the same about each.
  const connect = async (to: ContractWire): Promise<SystemConnectOutput> => {
    try {
      return await ask(connectSystems({ path: { accountId, contractId: to.id }, headers: idempotencyKey(key), body: { systemIds: systems.map(({ id }) => id) } }))
    } catch (error) {
      const results = error instanceof Problem && error.members.results
      if (!Array.isArray(results)) throw error
      return { contract: to, results: results as SystemConnectOutput['results'] }
    }
  }
  if (answer) return <Results answer={answer} systems={systems} close={close} />
  return (
    <Confirm title={t('systems.connect')} verb={t('systems.connect.verb', { count: systems.length })} size="large" disabled={!contract} confirm={confirm} close={close}>
      <Contracts accountId={accountId} chosen={contract} choose={choose} />
    </Confirm>
  )
}

const wentWell = ({ result }: SystemConnectOutput['results'][number]) => result === 'connected' || result === 'unchanged'

/** The active contracts. Those over their number can be chosen, with a warning. */
function Contracts({ accountId, chosen, choose }: { accountId: string; chosen: ContractWire | undefined; choose: (contract: ContractWire | undefined) => void }) {
  const t = useText()
  const format = useFormat()
  const search = useSearch()
  const contact = useContact()
  const query = { status: 'active' as const, orderBy: 'name' as const, q: search.asked || undefined }
  const page = usePage<ContractWire, ContractListOutput>(['contracts', accountId, query], ({ signal, ...paging }) => ask(listContracts({ path: { accountId }, query: { ...query, ...paging }, signal })))
  const count = ({ systems }: ContractWire) => `${format.number(systems.mapped)} / ${format.number(systems.purchased)}`
  return (
    <SpaceBetween size="m">
      {chosen?.systems.state === 'over' && (
        <Alert type="warning" header={t('systems.over')}>
          {t('systems.overHint', { contract: chosen.name })}
          <Contact contact={contact} />
        </Alert>
      )}
      <ServerTable<ContractWire>
        headingLevel="h3"
        variant="embedded"
        words={{ title: t('systems.contracts'), search: t('systems.contracts.search'), empty: t('systems.contracts.empty'), emptyHint: t('systems.contracts.emptyHint') }}
        page={page}
        search={search}
        trackBy="id"
        selectionType="single"
        selectedItems={chosen ? [chosen] : []}
        onSelectionChange={({ detail }) => choose(detail.selectedItems[0])}
        onRowClick={({ detail }) => choose(detail.item)}
        columnDefinitions={[
          { id: 'name', header: t('systems.contracts.name'), isRowHeader: true, cell: ({ name }) => name },
          {
            id: 'systems',
            header: t('systems.contracts.systems'),
            cell: (contract) =>
              contract.systems.state === 'over' ? (
                <StatusIndicator type="warning" iconAriaLabel={t('systems.over')}>
                  <strong>{count(contract)}</strong>
                </StatusIndicator>
              ) : (
                count(contract)
              ),
          },
          { id: 'expiryDate', header: t('systems.contracts.expiry'), cell: ({ expiryDate }) => format.date(expiryDate) },
        ]}
        ariaLabels={{ tableLabel: t('systems.contracts'), selectionGroupLabel: t('systems.contracts'), itemSelectionLabel: (_, { name }) => t('systems.select.one', { name }) }}
      />
    </SpaceBetween>
  )
}

/** What became of each system. */
function Results({ answer, systems, close }: { answer: SystemConnectOutput; systems: SystemWire[]; close: () => void }) {
  const t = useText()
  const nameOf = (id: string) => systems.find((system) => system.id === id)?.name ?? id
  const good = answer.results.filter(wentWell).length
  return (
    <Modal
      visible
      header={t('systems.results', { good, count: answer.results.length, contract: answer.contract.name })}
      onDismiss={close}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={close}>
            {t('app.close')}
          </Button>
        </Box>
      }
    >
      <ul className="results">
        {answer.results.map((result) => (
          <li key={result.systemId}>
            <StatusIndicator type={wentWell(result) ? 'success' : 'error'}>
              <strong>{nameOf(result.systemId)}</strong> {result.detail ?? t(`systems.result.${result.result}`)}
            </StatusIndicator>
          </li>
        ))}
      </ul>
    </Modal>
  )
}
