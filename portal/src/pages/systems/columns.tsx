import Link from '@cloudscape-design/components/link'
import type { TableProps } from '@cloudscape-design/components/table'
import type { SystemWire } from '../../api/client'
import type { Text } from '../../app/texts'

export function columns(t: Text): TableProps.ColumnDefinition<SystemWire>[] {
  return [
    { id: 'name', header: t('systems.column.name'), isRowHeader: true, minWidth: 160, cell: ({ name }) => name },
    { id: 'crmId', header: t('systems.column.crmId'), minWidth: 160, cell: ({ crmId }) => crmId },
    {
      id: 'url',
      header: t('systems.column.url'),
      minWidth: 180,
      cell: ({ url }) =>
        url && (
          <Link href={url} external externalIconAriaLabel={t('systems.opensElsewhere')}>
            {url}
          </Link>
        ),
    },
  ]
}
