// Prints one line a test, what went wrong with it (also where a second try went well), and a summary; tests that were not
// asked for are not mentioned.

export default async function* report(source) {
  const failed = []
  let [passed, unsteady] = [0, 0]
  for await (const { type, data } of source) {
    const isTest = data?.name && !data.name.endsWith('.mjs') && !data.skip
    if (type === 'test:pass' && isTest) {
      passed += 1
      yield `ok      ${seconds(data)} ${data.name}\n`
    } else if (type === 'test:fail' && isTest) {
      failed.push(data.name)
      yield `FAILED  ${seconds(data)} ${data.name}\n${indent(reason(data))}\n`
    } else if (type === 'test:fail') {
      // A file that ended without its tests, for instance because it could not be read.
      if (data.details?.error?.failureType !== 'subtestsFailed') failed.push(data.name)
    } else if (type === 'test:diagnostic' && data.line) {
      unsteady += 1
      yield `UNSTEADY  what failed the first time:\n${indent(data.message)}\n`
    } else if (type === 'test:stdout' || type === 'test:stderr') {
      yield data.message
    }
  }
  yield `\n${passed} passed, ${failed.length} failed, ${unsteady} played twice\n`
  for (const name of failed) yield `  FAILED ${name}\n`
}

const seconds = ({ details }) => `${(details.duration_ms / 1000).toFixed(1).padStart(6)} s`
const indent = (text) => text.replace(/^/gm, '        ')

function reason({ details }) {
  const cause = details.error?.cause ?? details.error
  return String(cause?.stack ?? cause)
    .split('\n')
    .slice(0, 25)
    .join('\n')
}
