/** The package's own file: the bare name `punycode` is Node's deprecated built-in. */
declare module 'punycode/punycode.js' {
  const punycode: typeof import('punycode');
  // biome-ignore lint/style/noDefaultExport: it describes a CommonJS file of someone else's
  export default punycode;
}
