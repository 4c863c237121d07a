import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

type Dictionary = Record<string, string>
const subjects = readdirSync('src/i18n/id')
  .map((file) => file.replace('.ts', ''))
  .filter((subject) => subject !== 'core')

const words = async (language: string, subject: string): Promise<Dictionary> =>
  ((await import(`../src/i18n/${language}/${subject}.ts`)) as { default: Dictionary }).default
const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort()

describe.each(subjects)('the words of %s', (subject) => {
  it('are the same in both languages, with the same holes', async () => {
    const [id, en] = await Promise.all([words('id', subject), words('en', subject)])
    expect(Object.keys(en).sort()).toEqual(Object.keys(id).sort())
    for (const key of Object.keys(id)) expect(holes(en[key] ?? ''), key).toEqual(holes(id[key] ?? ''))
  })

  it('are not empty, and never call a check-in "absen"', async () => {
    for (const language of ['id', 'en']) {
      for (const [key, text] of Object.entries(await words(language, subject))) {
        expect(text.trim(), key).not.toBe('')
        expect(text, key).not.toMatch(/\babsen\b/i)
      }
    }
  })
})

it('no key stands in two subjects', async () => {
  const keys = (await Promise.all(subjects.map((subject) => words('id', subject)))).flatMap(Object.keys)
  expect(keys.length).toBe(new Set(keys).size)
})

it('every key is used', async () => {
  const code = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => /\.(svelte|ts)$/.test(file) && !file.startsWith('i18n/id') && !file.startsWith('i18n/en'),
    )
    .map((file) => readFileSync(`src/${file}`, 'utf8'))
    .join('\n')
  // A key that is put together, as in `slot.${slot}`, counts by what stands before the hole.
  const stems = [...code.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map(([, stem]) => stem ?? '')
  for (const subject of subjects) {
    for (const key of Object.keys(await words('id', subject))) {
      const used =
        code.includes(`'${key}'`) || code.includes(`"${key}"`) || stems.some((stem) => key.startsWith(stem))
      expect(used, `${key} is not used`).toBe(true)
    }
  }
})
