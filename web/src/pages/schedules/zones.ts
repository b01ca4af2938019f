/** Today's names of zones that browsers list under older ones, such as `Asia/Calcutta`; and UTC, which they leave out. */
const unlisted = [
  'Africa/Asmara',
  'America/Nuuk',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Atlantic/Faroe',
  'Europe/Kyiv',
  'Pacific/Chuuk',
  'Pacific/Kanton',
  'Pacific/Pohnpei',
  'UTC',
]

/** The zone that the viewer's clock shows. */
export const viewerZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** All time zones by name, the given one among them whatever it is called. */
export const listZones = (given: string) =>
  [...new Set([...Intl.supportedValuesOf('timeZone'), ...unlisted, viewerZone(), given])].sort()
