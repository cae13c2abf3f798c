import { beforeAll, beforeEach } from 'vitest'

// Where the demo's accounts are, and UTC for the months of the activity.
const zones = ['UTC', 'Europe/Paris', 'Europe/London']

/** Longer than any journey that counts days, in seconds. */
const journey = 180

/** How long it is until midnight in a zone, in seconds. */
function untilMidnight(timeZone: string, now: Date): number {
  const [hours = 0, minutes = 0, seconds = 0] = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium', hourCycle: 'h23' }).format(now).split(':').map(Number)
  return 86_400 - (hours * 60 + minutes) * 60 - seconds
}

/** How long a journey that begins now has to wait so that no day ends within it, in milliseconds. */
export function pauseBefore(now: Date): number {
  const left = zones.map((zone) => untilMidnight(zone, now)).filter((seconds) => seconds <= journey)
  return left.length === 0 ? 0 : 1000 * (Math.max(...left) + 1)
}

// At midnight prices, days that are left and the day's figures change, as they should. What a journey has read would not be what it meets.
async function away(): Promise<void> {
  const pause = pauseBefore(new Date())
  if (pause > 0) await new Promise((done) => setTimeout(done, pause))
}
beforeAll(away)
beforeEach(away)
