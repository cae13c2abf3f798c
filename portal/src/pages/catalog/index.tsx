import Alert from '@cloudscape-design/components/alert'
import Badge from '@cloudscape-design/components/badge'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Cards from '@cloudscape-design/components/cards'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TextFilter from '@cloudscape-design/components/text-filter'
import { useState } from 'react'
import { ask, listOffers, type AccountContact, type CatalogOffered, type CatalogShopOutput, type ListOffersData } from '../../api/client'
import { useAccount, useCan, useContact } from '../../app/account'
import { Contact } from '../../app/contact'
import { ProblemAlert } from '../../app/problem-alert'
import { Paging } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { useSearch } from '../../app/use-search'
import { CartPanel } from '../cart/cart'
import { useCart } from '../cart/use-cart'
import { Ask } from './ask'
import { Offer } from './offer'
import './catalog.css'

type Kind = NonNullable<NonNullable<ListOffersData['query']>['kind']> | 'all'
const kinds: Kind[] = ['all', 'product', 'add_on', 'optional', 'upgrade']

/** What the account may buy and at what price; the cart of who may buy stands at the side. */
export default function Catalog() {
  const t = useText()
  const { id: accountId } = useAccount()
  const mayBuy = useCan('manage_licences')
  const whom = useContact()
  const search = useSearch()
  const [kind, setKind] = useState<Kind>('all')
  const query = { q: search.asked || undefined, kind: kind === 'all' ? undefined : kind }
  const page = usePage<CatalogOffered, CatalogShopOutput>(['catalog', accountId, query], ({ signal, ...paging }) => ask(listOffers({ path: { accountId }, query: { ...query, ...paging }, signal })))
  const managed = page.answer?.contact
  // The cart stays where it is while another search is on its way.
  const [seen, setSeen] = useState<boolean>()
  if (page.answer && seen !== (managed === undefined)) setSeen(managed === undefined)
  const buys = mayBuy && seen === true
  const cart = useCart(buys)
  const names = new Map(page.items.map(({ productId, name }) => [productId, name]))
  const option = (value: Kind) => ({ value, label: t(`catalog.kind.${value}`) })
  const found = search.asked !== '' && !page.loading && !page.problem
  const clear = () => {
    search.clear()
    setKind('all')
  }
  return (
    <div className={buys ? 'shop' : undefined}>
      <SpaceBetween size="m">
        {managed ? <Whom contact={managed} title={t('catalog.managed')} /> : !mayBuy && <Whom contact={whom} title={t('catalog.mayNot')} />}
        <Cards<CatalogOffered>
          items={page.problem ? [] : page.items}
          loading={page.loading && !page.problem}
          loadingText={t('app.table.loading')}
          trackBy="productId"
          cardsPerRow={[{ cards: 1 }, { minWidth: 620, cards: 2 }, { minWidth: 1100, cards: 3 }]}
          header={
            <Header variant="h1" description={t('catalog.description')}>
              {t('catalog.title')}
            </Header>
          }
          filter={
            <div className="filters">
              <TextFilter
                filteringText={search.text}
                filteringPlaceholder={t('catalog.search')}
                filteringAriaLabel={t('catalog.search')}
                onChange={({ detail }) => search.setText(detail.filteringText)}
                countText={found ? t('app.table.found', { count: page.items.length, more: page.hasNext }) : undefined}
              />
              <Select
                ariaLabel={t('catalog.kind')}
                selectedOption={option(kind)}
                options={kinds.map(option)}
                onChange={({ detail }) => setKind(detail.selectedOption.value as Kind)}
                selectedAriaLabel={t('app.selected')}
                expandToViewport
              />
            </div>
          }
          pagination={page.known > 1 ? <Paging page={page} /> : undefined}
          empty={<Nothing page={page} narrowed={search.asked !== '' || kind !== 'all'} clear={clear} />}
          cardDefinition={{
            header: ({ name, kind: of }) => (
              <div className="offer-head">
                <span>{name}</span>
                {of && <Badge>{t(`catalog.kind.${of}`)}</Badge>}
              </div>
            ),
            sections: [{ id: 'offer', content: (offer) => <Offer offer={offer} cart={buys ? cart : undefined} called={(code) => names.get(code) ?? code} /> }],
          }}
          ariaLabels={{ itemSelectionLabel: (_, { name }) => name, selectionGroupLabel: t('catalog.title'), cardsLabel: t('catalog.title') }}
        />
      </SpaceBetween>
      {buys && (
        <aside className="shop-side" aria-label={t('cart.title')}>
          <CartPanel cart={cart} />
        </aside>
      )}
    </div>
  )
}

/** Whom to ask, for who does not buy here. */
function Whom({ contact, title }: { contact: AccountContact; title: string }) {
  return (
    <Alert type="info" header={title} action={<Ask />}>
      <Contact contact={contact} />
    </Alert>
  )
}

type Listed = Pick<ReturnType<typeof usePage<CatalogOffered>>, 'problem' | 'retry'>

function Nothing({ page, narrowed, clear }: { page: Listed; narrowed: boolean; clear: () => void }) {
  const t = useText()
  if (page.problem) return <ProblemAlert problem={page.problem} retry={page.retry} />
  return (
    <Box textAlign="center" padding="m">
      <SpaceBetween size="xs">
        <Box variant="strong">{narrowed ? t('app.table.noMatch') : t('catalog.empty')}</Box>
        {narrowed && <Button onClick={clear}>{t('app.table.clear')}</Button>}
      </SpaceBetween>
    </Box>
  )
}
