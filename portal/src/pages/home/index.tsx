import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useAccount } from '../../app/account'
import { useText } from '../../app/texts'
import { Expiring, Latest, OverMapped } from './contracts'
import { Lines } from './lines'

export default function Home() {
  const t = useText()
  const { name } = useAccount()
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t('home.description')}>
        {name}
      </Header>
      <Lines />
      <div className="halves">
        <Expiring />
        <OverMapped />
      </div>
      <Latest />
    </SpaceBetween>
  )
}
