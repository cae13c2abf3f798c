import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useState } from 'react'
import { problemOf } from '../../api/client'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { useProducts } from '../products/products'
import { UseOverTime } from '../products/use-over-time'

/** The use of one product over time; that of which most seats are in use, until the reader chooses another. */
export function History() {
  const t = useText()
  const { query, products, used } = useProducts()
  const [chosen, setChosen] = useState<string>()
  const [most] = [...used].sort(([, a], [, b]) => b - a)
  const product = products.get(chosen ?? most?.[0] ?? '')
  const options = [...products.values()].map(({ id, name }) => ({ value: id, label: name }))
  const content = () => {
    if (query.error) return <ProblemAlert problem={problemOf(query.error)} retry={() => void query.refetch()} />
    if (query.isPending) return <Spinner size="large" />
    if (!product) return <Box color="text-body-secondary">{t('home.history.none')}</Box>
    return (
      <SpaceBetween size="s">
        <div className="filters">
          <div className="choice">
            <Select
              ariaLabel={t('home.history.product')}
              selectedOption={{ value: product.id, label: product.name }}
              options={options}
              onChange={({ detail }) => setChosen(detail.selectedOption.value)}
              filteringType={options.length > 8 ? 'auto' : 'none'}
              filteringAriaLabel={t('home.history.product')}
              selectedAriaLabel={t('app.selected')}
              statusType={query.isFetchingNextPage ? 'loading' : query.hasNextPage ? 'pending' : 'finished'}
              loadingText={t('app.table.loading')}
              onLoadItems={({ detail }) => {
                if (!detail.firstPage && query.hasNextPage) void query.fetchNextPage()
              }}
              expandToViewport
            />
          </div>
        </div>
        <UseOverTime productId={product.id} name={product.name} />
      </SpaceBetween>
    )
  }
  return (
    <Container
      header={
        <Header variant="h2" description={t('products.history.detail')}>
          {t('products.history')}
        </Header>
      }
    >
      {content()}
    </Container>
  )
}
