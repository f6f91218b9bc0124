/** People of the demo city, for tests. */
export const demoPassword = 'a river city to try things in'
export const mayor = 'mayor'
export const analyst = 'lena'
export const administrator = 'nils'
export const owner = 'emil'
export const finance = 'ines'
