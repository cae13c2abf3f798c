import Checkbox from '@cloudscape-design/components/checkbox'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import DatePicker from '@cloudscape-design/components/date-picker'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useIntl } from 'react-intl'
import type { ContractDetailOutput, ContractLineWire } from '../../api/client'
import { useText } from '../../app/texts'
import { left, limitField, type Draft } from './draft'

/** How a field is called, for whoever tells of it. */
export function useFieldName(contract: ContractDetailOutput): (field: string) => string {
  const t = useText()
  const names = new Map(contract.lines.map(({ product }) => [limitField(product.id), t('terms.limit.of', { name: product.name })]))
  return (field) => {
    switch (field) {
      case 'startDate':
        return t('terms.startDate')
      case 'expiryDate':
        return t('terms.expiryDate')
      case 'systemsPurchased':
        return t('terms.systemsPurchased')
      case 'alertDays':
        return t('terms.alertDays')
      default:
        return names.get(field) ?? field
    }
  }
}

type Props = { contract: ContractDetailOutput; draft: Draft; wrong: string[]; change: (field: string, value: string) => void }

export function Fields({ contract, draft, wrong, change }: Props) {
  const t = useText()
  // Of the reader's region, as all other days are written.
  const { locale } = useIntl()
  const error = (field: string) => (wrong.includes(field) ? t('terms.wrong.one') : undefined)
  const day = (field: 'startDate' | 'expiryDate') => (
    <DatePicker value={draft[field] ?? ''} onChange={({ detail }) => change(field, detail.value)} locale={locale} format="long-localized" inputFormat="iso" openCalendarAriaLabel={() => t('terms.calendar')} placeholder={t('terms.day')} expandToViewport />
  )
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t('terms.contract')}</Header>}>
        <ColumnLayout columns={2}>
          <FormField label={t('terms.startDate')} errorText={error('startDate')}>
            {day('startDate')}
          </FormField>
          <FormField label={t('terms.expiryDate')} description={t('terms.expiryDate.detail')} errorText={error('expiryDate')}>
            {day('expiryDate')}
          </FormField>
          <FormField label={t('terms.systemsPurchased')} description={t('terms.systemsPurchased.detail', { count: contract.systems.mapped })} errorText={error('systemsPurchased')}>
            <Input type="number" inputMode="numeric" value={draft.systemsPurchased ?? ''} onChange={({ detail }) => change('systemsPurchased', detail.value)} />
          </FormField>
          <FormField label={t('terms.alertDays')} description={t('terms.alertDays.detail')} errorText={error('alertDays')}>
            <Input value={draft.alertDays ?? ''} onChange={({ detail }) => change('alertDays', detail.value)} />
          </FormField>
        </ColumnLayout>
      </Container>
      <Container header={<Header variant="h2" description={t('terms.limits.detail')}>{t('terms.limits')}</Header>}>
        {contract.lines.length === 0 && t('terms.limits.none')}
        <SpaceBetween size="l">
          {contract.lines.map((line) => (
            <Limit key={line.product.id} line={line} value={draft[limitField(line.product.id)] ?? ''} error={error(limitField(line.product.id))} change={(value) => change(limitField(line.product.id), value)} />
          ))}
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  )
}

function Limit({ line, value, error, change }: { line: ContractLineWire; value: string; error: string | undefined; change: (value: string) => void }) {
  const t = useText()
  const { used, limit } = line.usage
  const below = value !== left && /^\d+$/.test(value) && Number(value) < used
  return (
    <FormField label={line.product.name} description={t('terms.limit.used', { count: used })} errorText={error} warningText={below ? t('terms.limit.below') : undefined} stretch>
      <div className="limit">
        <Input type="number" inputMode="numeric" ariaLabel={t('terms.limit.of', { name: line.product.name })} value={value === left ? '' : value} disabled={value === left} placeholder={t('terms.nothing')} onChange={({ detail }) => change(detail.value)} />
        <Checkbox checked={value === left} onChange={({ detail }) => change(detail.checked ? left : limit === undefined ? '' : String(limit))}>
          {t('terms.left')}
          <span className="unseen">
            {line.product.name}
          </span>
        </Checkbox>
      </div>
    </FormField>
  )
}
