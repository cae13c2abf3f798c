import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { useIntl } from 'react-intl'
import type { OrderParty, OrderPart, OrderQuote, OrderRow } from '../../api/client'
import { useFormat } from '../../app/format'
import { useText } from '../../app/texts'
import { Totals } from '../cart/cart'
import { dayBefore, useNamed } from './name'

/** What a quote and its order say alike: every price with how it came about, who carries it, taxes and totals, and the parties. */
export function Priced({ of }: { of: Pick<OrderQuote, 'rows' | 'totals' | 'recurring' | 'billTo' | 'seller'> }) {
  const t = useText()
  return (
    <SpaceBetween size="m">
      <Rows rows={of.rows} />
      <div className="halves">
        <Container header={<Header variant="h3">{t('order.totals')}</Header>}>
          <Totals cart={of} />
        </Container>
        <Container>
          <SpaceBetween size="m">
            <Party title={t('order.billTo')} party={of.billTo} />
            <Party title={t('order.seller')} party={of.seller} />
          </SpaceBetween>
        </Container>
      </div>
    </SpaceBetween>
  )
}

function Rows({ rows }: { rows: OrderRow[] }) {
  const t = useText()
  const format = useFormat()
  const named = useNamed()
  return (
    <Table<OrderRow>
      wrapLines
      items={rows}
      trackBy="productId"
      header={<Header variant="h3">{t('order.rows')}</Header>}
      ariaLabels={{ tableLabel: t('order.rows') }}
      columnDefinitions={[
        {
          id: 'product',
          header: t('order.column.product'),
          isRowHeader: true,
          minWidth: 170,
          cell: ({ productName, contractName, newLine }) => (
            <>
              <strong>{named(productName)}</strong>
              <Small>{contractName}</Small>
              {newLine && <Small>{t('order.newLine')}</Small>}
            </>
          ),
        },
        {
          id: 'quantity',
          header: t('order.column.quantity'),
          minWidth: 115,
          cell: ({ quantity, reinstated }) => (
            <>
              {format.number(quantity)}
              {reinstated > 0 && <Small>{t('order.reinstated', { count: reinstated })}</Small>}
            </>
          ),
        },
        { id: 'unit', header: t('order.column.unit'), minWidth: 120, cell: ({ unitPrice, period }) => t(`order.unit.${period}`, { amount: format.money(unitPrice) }) },
        {
          id: 'days',
          header: t('order.column.days'),
          minWidth: 160,
          cell: ({ days, periodDays, from, until }) => (
            <>
              {t('order.days', { days: format.number(days), of: format.number(periodDays) })}
              <Small>{t('order.span', { from: format.date(from), to: format.date(dayBefore(until)) })}</Small>
            </>
          ),
        },
        {
          id: 'net',
          header: t('order.column.net'),
          minWidth: 130,
          cell: ({ net, recurring, period, nextBillingDate, until }) => (
            <>
              <strong>{format.money(net)}</strong>
              <Small>{nextBillingDate ? t(`order.each.${period}`, { amount: format.money(recurring) }) : t('order.ends', { date: format.date(until) })}</Small>
            </>
          ),
        },
        { id: 'carried', header: t('order.column.carried'), minWidth: 160, cell: ({ split }) => <Carried parts={split} /> },
      ]}
    />
  )
}

const Small = ({ children }: { children: ReactNode }) => (
  <Box variant="small" display="block">
    {children}
  </Box>
)

function Carried({ parts }: { parts: OrderPart[] }) {
  const t = useText()
  const format = useFormat()
  const name = (part: OrderPart) => (part.new ? t('order.carried.new', { name: part.costCenterName }) : (part.costCenterName ?? part.costCenterId ?? t('order.carried.none')))
  const [only] = parts
  if (parts.length <= 1) return only ? name(only) : t('order.carried.none')
  return (
    <ul className="changes">
      {parts.map((part) => (
        <li key={part.costCenterId ?? part.costCenterName ?? ''}>{t('order.carried.part', { name: name(part), count: part.quantity, amount: format.money(part.net) })}</li>
      ))}
    </ul>
  )
}

function Party({ title, party }: { title: string; party: OrderParty }) {
  const t = useText()
  const { locale } = useIntl()
  const country = new Intl.DisplayNames(locale, { type: 'region' }).of(party.country)
  const lines = [party.legalName, party.street, [party.postalCode, party.city].filter(Boolean).join(' '), country, party.registration, party.taxNumber && t('order.taxNumber', { number: party.taxNumber })]
  return (
    <div>
      <Box variant="h4">{title}</Box>
      {lines.filter(Boolean).map((line) => (
        <Box key={line}>{line}</Box>
      ))}
    </div>
  )
}
