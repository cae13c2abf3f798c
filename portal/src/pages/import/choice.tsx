import ColumnLayout from '@cloudscape-design/components/column-layout'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import FileUpload from '@cloudscape-design/components/file-upload'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { isLanguage, languages, useText } from '../../app/texts'
import type { Kind, Terms } from './run'

export type Chosen = { kind: Kind; file: File | undefined; terms: Terms }

const kinds: Kind[] = ['contracts', 'systems', 'users', 'products']

type Props = { chosen: Chosen; choose: (chosen: Chosen) => void; disabled: boolean }

/** Which file, of what, and what the accounts get that it makes. */
export function Choice({ chosen, choose, disabled }: Props) {
  const t = useText()
  return (
    <SpaceBetween size="l">
      <FormField label={t('import.kind')} description={t(`import.kind.${chosen.kind}.detail`)}>
        <SegmentedControl
          label={t('import.kind')}
          selectedId={chosen.kind}
          onChange={({ detail }) => choose({ ...chosen, kind: detail.selectedId as Kind })}
          options={kinds.map((id) => ({ id, text: t(`import.kind.${id}`), disabled }))}
        />
      </FormField>
      <FormField label={t('import.file')} description={t('import.file.detail')}>
        <FileUpload
          value={chosen.file ? [chosen.file] : []}
          onChange={({ detail }) => choose({ ...chosen, file: detail.value[0] })}
          accept=".csv,.txt,text/csv"
          showFileSize
          i18nStrings={{
            uploadButtonText: () => t('import.file.choose'),
            dropzoneText: () => t('import.file.drop'),
            removeFileAriaLabel: () => t('import.file.remove'),
            limitShowFewer: t('app.close'),
            limitShowMore: t('import.file.choose'),
            errorIconAriaLabel: t('import.file.wrong'),
          }}
        />
      </FormField>
      {chosen.kind === 'contracts' && <NewAccounts terms={chosen.terms} change={(terms) => choose({ ...chosen, terms })} />}
    </SpaceBetween>
  )
}

function NewAccounts({ terms, change }: { terms: Terms; change: (terms: Terms) => void }) {
  const t = useText()
  const text = (field: 'timeZone' | 'currency' | 'edition', usual: string) => (
    <FormField label={t(`settings.${field}`)}>
      <Input value={terms[field] ?? ''} placeholder={usual} onChange={({ detail }) => change({ ...terms, [field]: detail.value.trim() || undefined })} />
    </FormField>
  )
  return (
    <ExpandableSection headerText={t('import.accounts')} headerDescription={t('import.accounts.detail')}>
      <ColumnLayout columns={4}>
        {text('timeZone', 'Europe/Paris')}
        <FormField label={t('settings.locale')}>
          <Select
            selectedAriaLabel={t('app.selected')}
            options={languages.map((value) => ({ value, label: t(`app.language.${value}`) }))}
            selectedOption={{ value: terms.locale ?? 'fr', label: t(`app.language.${terms.locale ?? 'fr'}`) }}
            onChange={({ detail }) => isLanguage(detail.selectedOption.value) && change({ ...terms, locale: detail.selectedOption.value })}
          />
        </FormField>
        {text('currency', 'EUR')}
        {text('edition', 'standard')}
      </ColumnLayout>
    </ExpandableSection>
  )
}
