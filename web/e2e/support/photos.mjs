// Photos for the camera: made up by chance, each another one, with nobody on them.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { CHROMIUM } from './chromium.mjs'

const folder = new URL('../out/photos/', import.meta.url).pathname
const COUNT = 60
const DARK = 8

/**
 * The path of a photo, of which there are 60; 'dark' and 'dark2' to 'dark8' are too dark to be of use. They are made once
 * and kept.
 */
export async function photo(which) {
  const path = join(folder, `${which}.jpg`)
  if (!existsSync(path)) await make()
  return path
}

const dark = (seed) => (seed === 1 ? 'dark' : `dark${seed}`)

async function make() {
  mkdirSync(folder, { recursive: true })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    for (let seed = 1; seed <= COUNT; seed++)
      writeFileSync(join(folder, `${seed}.jpg`), await draw(page, seed, 1))
    for (let seed = 1; seed <= DARK; seed++)
      writeFileSync(join(folder, `${dark(seed)}.jpg`), await draw(page, 98 + seed, 0.04))
  } finally {
    await browser.close()
  }
}

async function draw(page, seed, light) {
  return Buffer.from(await page.evaluate(paint, { seed, light }), 'base64')
}

/** Runs in the page: a wall of soft noise, a figure before it, and the grain of a sensor. */
function paint({ seed, light }) {
  let state = seed * 2_654_435_761
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const [width, height] = [720, 1280]
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  context.fillStyle = `hsl(${random() * 360} 25% 62%)`
  context.fillRect(0, 0, width, height)
  // Noise of ever smaller grain; what is large counts most.
  for (const [cells, strength] of [
    [3, 0.5],
    [6, 0.4],
    [14, 0.3],
    [40, 0.18],
  ]) {
    const layer = document.createElement('canvas')
    layer.width = cells
    layer.height = Math.round((cells * height) / width)
    const dots = layer.getContext('2d')
    for (let x = 0; x < layer.width; x++) {
      for (let y = 0; y < layer.height; y++) {
        dots.fillStyle = `hsl(${random() * 360} ${20 + random() * 40}% ${25 + random() * 60}%)`
        dots.fillRect(x, y, 1, 1)
      }
    }
    context.globalAlpha = strength
    context.imageSmoothingQuality = 'high'
    context.drawImage(layer, 0, 0, width, height)
  }
  context.globalAlpha = 1
  const middle = width * (0.35 + random() * 0.3)
  const top = height * (0.28 + random() * 0.12)
  const size = width * (0.15 + random() * 0.06)
  context.fillStyle = `hsl(${random() * 360} 45% 35%)`
  context.beginPath()
  context.ellipse(middle, top + size * 4.2, size * 2.4, size * 2.9, 0, 0, 7)
  context.fill()
  context.fillStyle = `hsl(${20 + random() * 20} 40% ${45 + random() * 25}%)`
  context.beginPath()
  context.ellipse(middle, top, size, size * 1.3, 0, 0, 7)
  context.fill()
  const pixels = context.getImageData(0, 0, width, height)
  for (let i = 0; i < pixels.data.length; i += 4) {
    const grain = (random() - 0.5) * 22
    for (let c = 0; c < 3; c++) pixels.data[i + c] = (pixels.data[i + c] + grain) * light
  }
  context.putImageData(pixels, 0, 0)
  return canvas.toDataURL('image/jpeg', 0.9).split(',')[1]
}
