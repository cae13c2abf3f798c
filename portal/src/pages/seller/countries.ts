/** Where a seller may be: the countries of whose taxes the API knows. A test holds it to them. */
export const countries = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK'.split(' ')
