import Spinner from '@cloudscape-design/components/spinner'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, askWithTag, getProduct, ifMatch, problemOf, putProduct, type CatalogWire, type PutProductBody } from '../../api/client'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { ProblemAlert } from '../../app/problem-alert'
import { useLanguage, useText } from '../../app/texts'
import { Fields } from './fields'
import { editionsOf } from './editions'
import { good, pricesOf, rowsOf } from './prices'
import { Selling } from './selling'

/** Adds a product, or changes one: it is read anew first, since it is replaced as a whole. */
export function Edit({ productId, close }: { productId: string | null; close: () => void }) {
  const t = useText()
  const { data, error } = useQuery({
    queryKey: ['product', productId],
    queryFn: ({ signal }) => askWithTag(getProduct({ path: { productId: productId ?? '' }, signal })),
    enabled: productId !== null,
    staleTime: Infinity,
    gcTime: 0,
  })
  if (productId === null) return <Form close={close} />
  if (data) return <Form product={data.data} tag={data.tag} close={close} />
  return (
    <Confirm title={t('product-catalog.change')} verb={t('product-catalog.save')} disabled confirm={() => Promise.resolve()} close={close}>
      {error ? <ProblemAlert problem={problemOf(error)} /> : <Spinner />}
    </Confirm>
  )
}

const empty: PutProductBody = { name: { fr: '', en: '' } }

function Form({ product, tag, close }: { product?: CatalogWire; tag?: string; close: () => void }) {
  const t = useText()
  const { language } = useLanguage()
  const { say } = useFlash()
  const queries = useQueryClient()
  const [code, setCode] = useState(product?.id ?? '')
  const [body, setBody] = useState<PutProductBody>(() => bodyOf(product))
  const [rows, setRows] = useState(() => rowsOf(product?.prices ?? [], language === 'fr'))
  const [editions, setEditions] = useState(() => (product?.editions ?? []).join(', '))
  const change = (part: Partial<PutProductBody>) => setBody((was) => ({ ...was, ...part }))
  const named = body.name.fr.trim() !== '' && body.name.en.trim() !== ''
  const sold = rows.every(good) && (rows.length === 0 || body.kind !== undefined)
  const confirm = async () => {
    // Without If-Match only a new product is taken: a code that is in use is refused.
    await ask(putProduct({ path: { productId: code.trim() }, ...(tag && { headers: ifMatch(tag) }), body: { ...body, editions: editionsOf(editions), prices: pricesOf(rows) } }))
    await queries.invalidateQueries({ queryKey: ['catalog'] })
    say({ type: 'success', content: t('product-catalog.saved', { name: body.name[language] }) })
    close()
  }
  return (
    <Confirm title={product ? t('product-catalog.change.title', { name: product.name[language] }) : t('product-catalog.add')} verb={t('product-catalog.save')} size="large" disabled={code.trim() === '' || !named || !sold || editionsOf(editions) === undefined} confirm={confirm} close={close}>
      <Fields code={code} setCode={product ? undefined : setCode} body={body} change={change} />
      <Selling body={body} change={change} editions={editions} setEditions={setEditions} rows={rows} setRows={setRows} />
    </Confirm>
  )
}

/** All that was read goes back, also what this form does not show: what is left out would be taken from the product. */
function bodyOf(product: CatalogWire | undefined): PutProductBody {
  if (!product) return empty
  // The id is in the address, and versions are counted by the API.
  const { id: _id, version: _version, ...rest } = product
  return rest
}
