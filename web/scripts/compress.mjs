import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

// The server sends these as they are: nobody compresses the same file twice.
const TEXT = /\.(js|css|html|svg|webmanifest)$/
const BEST = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }

for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((file) =>
  TEXT.test(file),
)) {
  const bytes = readFileSync(`dist/${file}`)
  writeFileSync(`dist/${file}.gz`, gzipSync(bytes, { level: 9 }))
  writeFileSync(`dist/${file}.br`, brotliCompressSync(bytes, BEST))
}
