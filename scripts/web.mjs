/** Bundles the pages of web/ into dist/web: one script and one style sheet each, to be served or inlined. */
import { build } from 'esbuild';

const PAGES = ['report', 'review'];

await build({
  entryPoints: PAGES.map((page) => ({ in: `web/${page}/main.tsx`, out: page })),
  outdir: 'dist/web',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'eof',
  logLevel: 'warning',
});
