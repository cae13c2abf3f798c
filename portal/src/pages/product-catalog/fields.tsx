import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Checkbox from '@cloudscape-design/components/checkbox'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ask, listProducts, type CatalogFeature, type PutProductBody } from '../../api/client'
import { useLanguage, useText } from '../../app/texts'

type Props = { code: string; setCode: ((code: string) => void) | undefined; body: PutProductBody; change: (change: Partial<PutProductBody>) => void }

export function Fields({ code, setCode, body, change }: Props) {
  const t = useText()
  return (
    <SpaceBetween size="m">
      {setCode && (
        <FormField label={t('product-catalog.code')} description={t('product-catalog.code.detail')}>
          <Input value={code} onChange={({ detail }) => setCode(detail.value)} />
        </FormField>
      )}
      <ColumnLayout columns={2}>
        <FormField label={t('product-catalog.name.fr')}>
          <Input value={body.name.fr} onChange={({ detail }) => change({ name: { ...body.name, fr: detail.value } })} />
        </FormField>
        <FormField label={t('product-catalog.name.en')}>
          <Input value={body.name.en} onChange={({ detail }) => change({ name: { ...body.name, en: detail.value } })} />
        </FormField>
        <Codes label={t('product-catalog.dependsOn')} description={t('product-catalog.dependsOn.detail')} not={code} codes={body.dependsOn ?? []} choose={(dependsOn) => change({ dependsOn })} />
        <Codes label={t('product-catalog.excludes')} description={t('product-catalog.excludes.detail')} not={code} codes={body.excludes ?? []} choose={(excludes) => change({ excludes })} />
      </ColumnLayout>
      <Features features={body.features ?? []} choose={(features) => change({ features })} />
      <Checkbox checked={body.derived ?? false} description={t('product-catalog.derived.detail')} onChange={({ detail }) => change({ derived: detail.checked })}>
        {t('product-catalog.derived')}
      </Checkbox>
    </SpaceBetween>
  )
}

function Codes({ label, description, not, codes, choose }: { label: string; description: string; not: string; codes: string[]; choose: (codes: string[]) => void }) {
  const t = useText()
  const { language } = useLanguage()
  const query = useInfiniteQuery({
    queryKey: ['catalog', 'choice'],
    queryFn: ({ pageParam, signal }) => ask(listProducts({ query: { pageSize: 200, pageToken: pageParam }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextPageToken,
  })
  const options = (query.data?.pages ?? []).flatMap((page) => page.items).map(({ id, name }) => ({ value: id, label: name[language], description: id }))
  return (
    <FormField label={label} description={description}>
      <Multiselect
        options={options.filter(({ value }) => value !== not)}
        selectedOptions={codes.map((code) => options.find(({ value }) => value === code) ?? { value: code, label: code })}
        placeholder={t('product-catalog.choose')}
        selectedAriaLabel={t('app.selected')}
        deselectAriaLabel={({ label: name }) => t('product-catalog.unchoose', { name })}
        statusType={query.isError ? 'error' : query.isFetching ? 'loading' : query.hasNextPage ? 'pending' : 'finished'}
        loadingText={t('app.table.loading')}
        errorText={t('product-catalog.failed')}
        recoveryText={t('app.problem.retry')}
        onLoadItems={() => void (query.isError ? query.refetch() : query.hasNextPage && query.fetchNextPage())}
        onChange={({ detail }) => choose(detail.selectedOptions.map(({ value }) => value ?? ''))}
      />
    </FormField>
  )
}

function Features({ features, choose }: { features: CatalogFeature[]; choose: (features: CatalogFeature[]) => void }) {
  const t = useText()
  const set = (at: number, feature: CatalogFeature) => choose(features.map((one, i) => (i === at ? feature : one)))
  return (
    <FormField label={t('product-catalog.features')} stretch>
      <AttributeEditor<CatalogFeature>
        items={features}
        addButtonText={t('product-catalog.features.add')}
        removeButtonText={t('product-catalog.features.remove')}
        removeButtonAriaLabel={({ id }) => t('product-catalog.features.remove.of', { code: id })}
        empty={t('product-catalog.features.none')}
        onAddButtonClick={() => choose([...features, { id: '', name: { fr: '', en: '' } }])}
        onRemoveButtonClick={({ detail }) => choose(features.filter((_, i) => i !== detail.itemIndex))}
        definition={[
          { label: t('product-catalog.code'), control: (feature, at) => <Input value={feature.id} onChange={({ detail }) => set(at, { ...feature, id: detail.value })} /> },
          { label: t('product-catalog.name.fr'), control: (feature, at) => <Input value={feature.name.fr} onChange={({ detail }) => set(at, { ...feature, name: { ...feature.name, fr: detail.value } })} /> },
          { label: t('product-catalog.name.en'), control: (feature, at) => <Input value={feature.name.en} onChange={({ detail }) => set(at, { ...feature, name: { ...feature.name, en: detail.value } })} /> },
        ]}
      />
    </FormField>
  )
}
