/**
 * Bundles the pages of web/ into dist/web: one script and one style sheet each, to be served or inlined; and the rule
 * pages of docs/rules as HTML, for a page to show without the network.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { Marked } from 'marked';

const PAGES = ['report', 'review'];

/** The licences of what is bundled ask for this. */
const NOTICE = `/*! Holds Preact, (c) 2015-present Jason Miller, and Tabulator, (c) 2015-present Oli Folkerd, both under the MIT
License: https://opensource.org/license/mit */`;

await build({
  entryPoints: PAGES.map((page) => ({ in: `web/${page}/main.tsx`, out: page })),
  outdir: 'dist/web',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  banner: { js: NOTICE },
  legalComments: 'inline',
  logLevel: 'warning',
});

/** Links between rule pages stay inside the file; what else they name stands in no file that is sent along. */
const markdown = new Marked({
  renderer: {
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      const rule = /^([a-z-]+)\.md$/.exec(href)?.[1];
      return rule ? `<a href="#rule/${rule}">${text}</a>` : text;
    },
    heading({ depth, tokens }) {
      // The page's own heading comes from the rule; those below it lie one level deeper.
      if (depth === 1) return '';
      return `<h${depth + 1}>${this.parser.parseInline(tokens)}</h${depth + 1}>\n`;
    },
  },
});

/** Markdown cannot write a table without a head. */
const EMPTY_HEAD = /<thead>\s*<tr>\s*(<th><\/th>\s*)+<\/tr>\s*<\/thead>/g;

const rules = readdirSync('docs/rules').map((file) => {
  const html = markdown.parse(readFileSync(`docs/rules/${file}`, 'utf8'));
  return [basename(file, '.md'), html.replace(EMPTY_HEAD, '')];
});
writeFileSync('dist/web/rules.json', JSON.stringify(Object.fromEntries(rules)));
