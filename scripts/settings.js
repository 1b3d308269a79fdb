/** `.env.example`: every setting with what it means; those that must be set stand without a comment sign. */
export function describeSettings ({ properties, required }) {
  const entries = Object.entries(properties).map(([name, setting]) => [
    ...wrap(`${setting.description}${choices(setting)}`, 118).map((line) => `# ${line}`),
    required.includes(name) && setting.default === undefined ? `${name}=` : `#${name}=${setting.default ?? ''}`
  ].join('\n'))
  return [
    '# Settings of a node, read from the environment. Made from plugins/config.ts by npm run docs: do not edit.',
    '# What stands without a comment sign must be set; the others show what holds when they are not.',
    ...entries
  ].join('\n\n').replace('\n\n# What', '\n# What') + '\n'
}

function choices ({ enum: values, minimum, maximum }) {
  if (values) return ` One of: ${values.join(', ')}.`
  if (minimum !== undefined && maximum !== undefined) return ` From ${minimum} to ${maximum}.`
  return minimum === undefined ? '' : ` At least ${minimum}.`
}

function wrap (text, width) {
  const lines = ['']
  for (const word of text.split(' ')) {
    if (lines.at(-1).length + word.length >= width) lines.push('')
    lines.push([lines.pop(), word].filter(Boolean).join(' '))
  }
  return lines
}
