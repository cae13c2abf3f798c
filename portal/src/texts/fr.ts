import messages from '@cloudscape-design/components/i18n/messages/all.fr'
import { join } from './join'

export const texts = join(import.meta.glob<Record<string, string>>(['../app/fr.json', '../pages/*/fr.json'], { eager: true, import: 'default' }))
export { messages }
