import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import { problemOf, type OrderCartWire, type OrderItemWire, type Problem } from '../../api/client'
import { useFormat } from '../../app/format'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { Quantity } from '../cart/quantity'
import type { Cart } from '../cart/use-cart'

/** The first step: what is in the cart, to be changed once more. */
export function Review({ cart, put, remove }: Pick<Cart, 'put' | 'remove'> & { cart: OrderCartWire }) {
  const t = useText()
  const format = useFormat()
  const [problem, setProblem] = useState<Problem>()
  const act = async (change: Promise<void>) => {
    setProblem(undefined)
    await change.catch((error: unknown) => setProblem(problemOf(error)))
  }
  return (
    <SpaceBetween size="m">
      {problem && <ProblemAlert problem={problem} />}
      {cart.problem && <Alert type="warning">{cart.problem.detail}</Alert>}
      <Table<OrderItemWire>
        wrapLines
        items={cart.items}
        trackBy={({ product }) => product.id}
        ariaLabels={{ tableLabel: t('checkout.step.review') }}
        columnDefinitions={[
          {
            id: 'product',
            header: t('checkout.column.product'),
            isRowHeader: true,
            minWidth: 150,
            cell: ({ product, contractName, problem: why }) => (
              <>
                <strong>{product.name}</strong>
                <Box variant="small" display="block">
                  {contractName}
                </Box>
                {why && <StatusIndicator type="warning">{why.detail}</StatusIndicator>}
              </>
            ),
          },
          {
            id: 'quantity',
            header: t('checkout.column.quantity'),
            minWidth: 130,
            cell: ({ product, quantity }) => <Quantity value={quantity} label={t('cart.quantity', { product: product.name })} change={(seats) => void act(put({ productId: product.id, quantity: seats }))} />,
          },
          { id: 'period', header: t('checkout.column.period'), minWidth: 130, cell: ({ period }) => t(`cart.period.${period}`) },
          { id: 'price', header: t('checkout.column.price'), minWidth: 140, cell: ({ price }) => price && format.money(price.net) },
          {
            id: 'remove',
            header: t('checkout.column.remove'),
            minWidth: 105,
            cell: ({ product }) => <Button variant="icon" iconName="remove" ariaLabel={t('cart.remove', { product: product.name })} onClick={() => void act(remove(product.id))} />,
          },
        ]}
      />
    </SpaceBetween>
  )
}
