import { existsSync } from 'node:fs'

const KNOWN = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser the tests run in. Without one they fail; they never skip. */
export const CHROMIUM = process.env.CHROMIUM_BIN ?? KNOWN.find(existsSync)

if (!CHROMIUM)
  throw new Error('Chromium is missing: install the Debian package chromium, or set CHROMIUM_BIN')
