import messages from '@cloudscape-design/components/i18n/messages/all.en'
import { join } from './join'

export const texts = join(import.meta.glob<Record<string, string>>(['../app/en.json', '../pages/*/en.json'], { eager: true, import: 'default' }))
export { messages }
