import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import type { RequestWire } from '../../api/client'
import type { Format } from '../../app/format'
import type { Language, Text } from '../../app/texts'

export type Action = RequestWire['actions'][number]
type Given = { t: Text; format: Format; language: Language; seesAll: boolean; orderLink: (orderId: string, text: string) => ReactNode; act: (request: RequestWire, action: Action) => void }
type Column = TableProps.ColumnDefinition<RequestWire>

const looks: Record<RequestWire['state'], StatusIndicatorProps.Type> = { open: 'pending', in_cart: 'in-progress', ordered: 'success', answered: 'success', declined: 'error', withdrawn: 'stopped' }

export function columns({ t, format, language, seesAll, orderLink, act }: Given): Column[] {
  const author: Column = { id: 'author', header: t('requests.column.author'), minWidth: 110, cell: ({ author }) => author.name || t('requests.noName') }
  return [
    { id: 'request', header: t('requests.column.request'), isRowHeader: true, minWidth: 210, cell: (request) => <Asked request={request} t={t} language={language} /> },
    ...(seesAll ? [author] : []),
    { id: 'to', header: t('requests.column.to'), minWidth: 125, cell: ({ to }) => t(`requests.to.${to}`) },
    { id: 'createdAt', header: t('requests.column.sent'), minWidth: 120, cell: ({ createdAt }) => format.dateTime(createdAt) },
    { id: 'state', header: t('requests.column.state'), minWidth: 160, cell: (request) => <State request={request} t={t} format={format} orderLink={orderLink} /> },
    {
      id: 'actions',
      header: t('requests.column.actions'),
      minWidth: 120,
      cell: (request) => (
        <SpaceBetween size="xxs">
          {request.actions.map((action) => (
            <Button key={action} variant="inline-link" onClick={() => act(request, action)} ariaLabel={t('requests.action.of', { action: t(`requests.action.${action}`), kind: t(`requests.kind.${request.kind}`), day: format.dateTime(request.createdAt) })}>
              {t(`requests.action.${action}`)}
            </Button>
          ))}
        </SpaceBetween>
      ),
    },
  ]
}

/** What is asked for: its kind, the products, and the author's own words. */
function Asked({ request: { kind, items, message }, t, language }: { request: RequestWire } & Pick<Given, 't' | 'language'>) {
  return (
    <div>
      <Box variant="strong">{t(`requests.kind.${kind}`)}</Box>
      {items.length > 0 && (
        <ul className="changes">
          {items.map(({ productId, productName, quantity }) => (
            <li key={productId}>{t('requests.item', { count: quantity, product: productName[language] || productId })}</li>
          ))}
        </ul>
      )}
      {message && (
        <Box variant="small" display="block">
          <span className="words">{message}</span>
        </Box>
      )}
    </div>
  )
}

function State({ request: { state, answer, orderId }, t, format, orderLink }: { request: RequestWire } & Pick<Given, 't' | 'format' | 'orderLink'>) {
  return (
    <div>
      <StatusIndicator type={looks[state]}>{t(`requests.state.${state}`)}</StatusIndicator>
      {answer?.by && (
        <Box variant="small" display="block">
          {t('requests.answeredBy', { name: answer.by, day: format.dateTime(answer.at) })}
        </Box>
      )}
      {orderId && <div>{orderLink(orderId, t('requests.order'))}</div>}
      {answer?.message && <div className="words">{answer.message}</div>}
    </div>
  )
}
