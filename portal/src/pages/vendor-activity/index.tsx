import { listVendorActivity } from '../../api/client'
import { useText } from '../../app/texts'
import { Records } from '../activity'
import { vendorKinds } from '../activity/words'

/** What operators changed that is no account’s: products and prices, the seller, partners, staff. */
export default function VendorActivity() {
  const t = useText()
  return (
    <Records
      name={['vendor-activity']}
      words={{ title: t('vendor-activity.title'), description: t('vendor-activity.description'), empty: t('activity.empty') }}
      // Months are those of UTC, and so is the latest of them here, where no account has a day of its own.
      today={new Date().toISOString().slice(0, 10)}
      kinds={vendorKinds}
      read={listVendorActivity}
    />
  )
}
