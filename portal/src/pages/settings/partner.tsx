import RadioGroup from '@cloudscape-design/components/radio-group'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, linkPartner, listPartners, type AccountWire } from '../../api/client'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { pageSize } from '../../app/use-page'
import { useSearch } from '../../app/use-search'

/** Puts an account on a partner's desk, or takes it off. */
export function PartnerLink({ account, changed, close }: { account: AccountWire; changed: () => Promise<void>; close: () => void }) {
  const t = useText()
  const { say } = useFlash()
  const [kind, setKind] = useState<'partner' | 'none'>('partner')
  const [chosen, setChosen] = useState(account.partner && { value: account.partner.id, label: account.partner.name })
  const partnerId = kind === 'none' ? null : (chosen?.value ?? null)
  const nothing = kind === 'partner' && !chosen
  const confirm = async () => {
    await ask(linkPartner({ path: { accountId: account.id }, body: { partnerId } }))
    await changed()
    say({ type: 'success', content: t('settings.saved') })
    close()
  }
  return (
    <Confirm title={t('settings.partner.title', { name: account.name })} verb={t('settings.save')} disabled={nothing || partnerId === (account.partner?.id ?? null)} confirm={confirm} close={close}>
      <SpaceBetween size="m">
        <RadioGroup
          value={kind}
          onChange={({ detail }) => setKind(detail.value as typeof kind)}
          ariaLabel={t('settings.partner')}
          items={[
            { value: 'partner', label: t('settings.partner.choose') },
            { value: 'none', label: t('settings.partner.unlink'), description: t('settings.partner.unlink.detail') },
          ]}
        />
        {kind === 'partner' && <Partners chosen={chosen} choose={setChosen} />}
      </SpaceBetween>
    </Confirm>
  )
}

type Option = { value: string; label: string }

function Partners({ chosen, choose }: { chosen: Option | undefined; choose: (option: Option) => void }) {
  const t = useText()
  const search = useSearch()
  const query = useInfiniteQuery({
    queryKey: ['partners', 'choice', search.asked],
    queryFn: ({ pageParam, signal }) => ask(listPartners({ query: { q: search.asked || undefined, pageSize, pageToken: pageParam }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextPageToken,
  })
  const options = (query.data?.pages ?? []).flatMap((page) => page.items).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <FormField label={t('settings.partner.name')}>
      <Select
        selectedOption={chosen ?? null}
        options={options}
        filteringType="manual"
        filteringAriaLabel={t('settings.find')}
        filteringPlaceholder={t('settings.find')}
        placeholder={t('settings.partner.choose')}
        selectedAriaLabel={t('app.selected')}
        empty={t('settings.partner.noMatch')}
        statusType={query.isError ? 'error' : query.isFetching ? 'loading' : query.hasNextPage ? 'pending' : 'finished'}
        loadingText={t('app.table.loading')}
        errorText={t('settings.partner.failed')}
        recoveryText={t('app.problem.retry')}
        onChange={({ detail: { selectedOption } }) => choose({ value: selectedOption.value ?? '', label: selectedOption.label ?? '' })}
        onLoadItems={({ detail }) => {
          search.setText(detail.filteringText)
          if (query.isError) void query.refetch()
          else if (!detail.firstPage && query.hasNextPage) void query.fetchNextPage()
        }}
      />
    </FormField>
  )
}
