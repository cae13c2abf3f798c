import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { getOrderStatement, problemOf } from '../../api/client'
import { useAccount } from '../../app/account'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'

/** The statement of an order, as a page that is printed and as a file. */
export function Statement({ orderId }: { orderId: string }) {
  const t = useText()
  const { say } = useFlash()
  const { id: accountId } = useAccount()
  const [busy, setBusy] = useState<'print' | 'file'>()
  const act = async (what: 'print' | 'file') => {
    setBusy(what)
    try {
      if (what === 'print') printPage((await read(accountId, orderId, 'text/html', 'text')) as string, t('order.statement'))
      else save((await read(accountId, orderId, 'application/pdf', 'blob')) as Blob, `${orderId}.pdf`)
    } catch (error) {
      const problem = problemOf(error)
      say({ type: 'error', header: t('order.statement.failed'), content: problem.detail || t(`app.problem.${problem.kind}.detail`) })
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => void act('print')} loading={busy === 'print'}>
        {t('order.print')}
      </Button>
      <Button iconName="download" onClick={() => void act('file')} loading={busy === 'file'}>
        {t('order.file')}
      </Button>
    </SpaceBetween>
  )
}

async function read(accountId: string, orderId: string, type: string, parseAs: 'text' | 'blob'): Promise<unknown> {
  const { data, error, response } = await getOrderStatement({ path: { accountId, orderId }, headers: { Accept: type }, parseAs })
  if (!response?.ok) throw problemOf(error, response)
  return data
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // Some browsers read it only after the click was handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/**
 * Prints the page in a frame of its own. Nothing of it is loaded or run, and its style goes in as a constructed sheet: the policy of
 * the portal, which the frame has too, allows no style within a page.
 */
function printPage(html: string, title: string): void {
  document.querySelector('iframe.printed')?.remove()
  const frame = document.createElement('iframe')
  frame.className = 'printed unseen'
  frame.title = title
  frame.tabIndex = -1
  frame.ariaHidden = 'true'
  document.body.append(frame)
  const { contentDocument: page, contentWindow: view } = frame
  if (!page || !view) return
  // Taken out before it is read: even a style that is only read is held to the policy.
  const styles: string[] = []
  const bare = html.replaceAll(/<style[^>]*>([^<]*)<\/style>/gi, (_, style: string) => (styles.push(style), ''))
  const read = new DOMParser().parseFromString(bare, 'text/html')
  read.querySelectorAll('style, script, meta, link').forEach((one) => one.remove())
  page.title = read.title
  page.documentElement.lang = read.documentElement.lang
  page.body.replaceChildren(...[...read.body.childNodes].map((node) => page.importNode(node, true)))
  const sheet = new (view as Window & typeof globalThis).CSSStyleSheet()
  sheet.replaceSync(styles.join('\n'))
  page.adoptedStyleSheets = [sheet]
  view.print()
}
