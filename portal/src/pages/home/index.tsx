import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useAccount } from '../../app/account'
import { useText } from '../../app/texts'
import { Expiring, Latest, OverMapped } from './contracts'
import { History } from './history'
import { Lines } from './lines'
import { Requests } from './requests'

export default function Home() {
  const t = useText()
  const { name } = useAccount()
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t('home.description')}>
        {name}
      </Header>
      <Lines />
      <Requests />
      <div className="halves">
        <Expiring />
        <OverMapped />
      </div>
      <History />
      <Latest />
    </SpaceBetween>
  )
}
