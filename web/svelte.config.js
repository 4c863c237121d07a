export default {
  compilerOptions: {
    runes: true,
    discloseVersion: false,
    // Short names: they are repeated on every styled element.
    cssHash: ({ hash, css }) => `s${hash(css).slice(0, 4)}`,
  },
}
