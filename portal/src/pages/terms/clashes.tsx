import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useText } from '../../app/texts'
import { left, type Clash } from './draft'

type Props = { clashes: Clash[]; name: (field: string) => string; choose: (clash: Clash, whose: 'mine' | 'theirs') => void }

/** What two people changed at once: each value is to be chosen before anything can be saved. */
export function Clashes({ clashes, name, choose }: Props) {
  const t = useText()
  const value = (text: string) => (text === left ? t('terms.left') : text === '' ? t('terms.nothing') : text)
  return (
    <Alert type="warning" header={t('terms.clash')}>
      <div role="alert">{t('terms.clash.detail')}</div>
      <SpaceBetween size="s">
        {clashes.map((clash) => (
          <div key={clash.field} role="group" aria-label={name(clash.field)}>
            <Box variant="strong" color="inherit">
              {name(clash.field)}
            </Box>
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" onClick={() => choose(clash, 'theirs')}>
                {t('terms.clash.theirs', { value: value(clash.theirs) })}
              </Button>
              <Button formAction="none" onClick={() => choose(clash, 'mine')}>
                {t('terms.clash.mine', { value: value(clash.mine) })}
              </Button>
            </SpaceBetween>
          </div>
        ))}
      </SpaceBetween>
    </Alert>
  )
}
