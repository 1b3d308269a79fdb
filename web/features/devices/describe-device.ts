const browsers: ReadonlyArray<readonly [pattern: RegExp, name: string]> = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/(Headless)?Chrom(e|ium)\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/^curl\//, 'curl'],
  [/^(node|undici)/i, 'A program'],
  [/python/i, 'A program']
]

const systems: ReadonlyArray<readonly [pattern: RegExp, name: string, isPhone: boolean]> = [
  [/iPhone/, 'iPhone', true],
  [/iPad/, 'iPad', true],
  [/Android/, 'Android', true],
  [/Windows/, 'Windows', false],
  [/Mac OS X|Macintosh/, 'macOS', false],
  [/CrOS/, 'ChromeOS', false],
  [/Linux|X11/, 'Linux', false]
]

/** What a device calls itself, in words for its owner. */
export function describeDevice (userAgent: string | null): { name: string, isPhone: boolean } {
  const browser = browsers.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1]
  const [, system, isPhone = false] = systems.find(([pattern]) => pattern.test(userAgent ?? '')) ?? []
  return { name: browser && system ? `${browser} on ${system}` : browser ?? system ?? 'An unknown device', isPhone }
}
