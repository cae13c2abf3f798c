import Button from '@cloudscape-design/components/button'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, listSystems, type SystemPageOutput, type SystemWire } from '../../api/client'
import { useAccount, useCan } from '../../app/account'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { useSearch } from '../../app/use-search'
import { columns } from './columns'
import { Connect } from './connect'

/** As many as the API connects in one step. */
const most = 90

export default function Systems() {
  const t = useText()
  const { id: accountId } = useAccount()
  const mayConnect = useCan('manage_systems')
  const queries = useQueryClient()
  const search = useSearch()
  const [selected, setSelected] = useState<SystemWire[]>([])
  const [connecting, setConnecting] = useState(false)

  const query = { mapping: 'unmapped' as const, q: search.asked || undefined }
  const page = usePage<SystemWire, SystemPageOutput>(['systems', accountId, query], ({ signal, ...paging }) => ask(listSystems({ path: { accountId }, query: { ...query, ...paging }, signal })))
  const changed = async () => {
    await Promise.all([queries.invalidateQueries({ queryKey: ['systems', accountId] }), queries.invalidateQueries({ queryKey: ['contracts', accountId] })])
  }
  return (
    <>
      <ServerTable<SystemWire>
        words={{ title: t('systems.title'), description: t('systems.description'), search: t('systems.search'), empty: t('systems.empty'), emptyHint: t('systems.emptyHint') }}
        page={page}
        search={search}
        columnDefinitions={columns(t)}
        trackBy="id"
        selectionType={mayConnect ? 'multi' : undefined}
        selectedItems={selected}
        // What was selected on another page, or before the search, stays selected.
        onSelectionChange={({ detail }) => setSelected(detail.selectedItems)}
        isItemDisabled={(system) => selected.length >= most && !selected.some(({ id }) => id === system.id)}
        counter={selected.length > 0 ? t('systems.selected', { count: selected.length }) : undefined}
        actions={
          mayConnect && (
            <Button variant="primary" disabled={selected.length === 0} onClick={() => setConnecting(true)}>
              {t('systems.connect')}
            </Button>
          )
        }
        ariaLabels={{
          tableLabel: t('systems.title'),
          selectionGroupLabel: t('systems.select'),
          allItemsSelectionLabel: () => t('systems.select.all'),
          itemSelectionLabel: (_, system) => t('systems.select.one', { name: system.name }),
        }}
      />
      {connecting && <Connect accountId={accountId} systems={selected} changed={changed} forget={() => setSelected([])} close={() => setConnecting(false)} />}
    </>
  )
}
