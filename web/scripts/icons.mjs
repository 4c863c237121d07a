import { readFileSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

// Draws the PNG icons from the SVG. A maskable one fills the square and keeps its sign in the middle.
const DIR = 'public/icons'
const svg = readFileSync(`${DIR}/icon.svg`, 'utf8')
const maskable = svg
  .replace('rx="112"', '')
  .replace('<path', '<g transform="translate(51.2 51.2) scale(.8)"><path')
  .replace('</svg>', '</g></svg>')

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
const page = await browser.newPage()
for (const [name, source, side] of [
  ['icon-192', svg, 192],
  ['icon-512', svg, 512],
  ['icon-maskable-512', maskable, 512],
]) {
  await page.setViewportSize({ width: side, height: side })
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${source}`)
  writeFileSync(`${DIR}/${name}.png`, await page.screenshot({ omitBackground: true }))
}
await browser.close()
