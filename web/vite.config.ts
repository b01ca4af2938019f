import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'
import { compressFiles } from './compress-files.ts'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid(), tailwindcss(), compressFiles()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The browsers that know `light-dark()`, which both themes are made of.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The Content-Security-Policy wants files, not data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    // What every page needs is one file: each more would come with headers, and be compressed by itself.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'app', tags: ['$initial'] }] } } },
  },
  server: {
    proxy: { '/graphql': { target: 'http://127.0.0.1:8000', ws: true } },
  },
})
