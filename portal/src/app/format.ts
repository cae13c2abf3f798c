import { useMemo } from 'react'
import { useIntl } from 'react-intl'
import { useAccountIfAny } from './account'
import { digits } from './currency'

/** Money as the API has it: whole minor units. */
export type Money = { amount: number; currency: string }

export type Format = {
  /** A civil day, YYYY-MM-DD: the same day for every reader, whatever their zone. */
  date: (day: string) => string
  /** The same without its year, for the axis of a chart. */
  shortDate: (day: string) => string
  /** A moment, RFC 3339, in the account's zone. */
  dateTime: (moment: string) => string
  number: (value: number) => string
  /** 80 is 80 %. */
  percent: (value: number) => string
  money: (money: Money) => string
  /** "a, b and c" */
  list: (words: string[]) => string
}

/** How figures, days and money are written for the reader, in the account's zone. */
export function useFormat(): Format {
  const { locale } = useIntl()
  const zone = useAccountIfAny()?.timeZone
  return useMemo(() => formatOf(locale, zone), [locale, zone])
}

export function formatOf(locale: string, zone: string | undefined): Format {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const shortDate = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const list = new Intl.ListFormat(locale, { style: 'long', type: 'conjunction' })
  return {
    date: (day) => date.format(new Date(`${day}T00:00:00Z`)),
    shortDate: (day) => shortDate.format(new Date(`${day}T00:00:00Z`)),
    dateTime: (moment) => dateTime.format(new Date(moment)),
    number: (value) => number.format(value),
    percent: (value) => percent.format(value / 100),
    money: ({ amount, currency }) => {
      const places = digits(currency) ?? 2
      const format = new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: places, maximumFractionDigits: places })
      return format.format(amount / 10 ** places)
    },
    list: (words) => list.format(words),
  }
}
