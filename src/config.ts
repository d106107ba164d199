import { ExpectedError } from './errors.js';
import type { Settings, SuffixMapping } from './model.js';
import { asciiDomain, isRoutable } from './validators/shared/domain-name.js';

/** Checks what a person chose and turns it into the settings of a scan. */
export function settingsFrom(options: { readonly mapSuffix: readonly string[] }): Settings {
  const suffixMap = options.mapSuffix.map(parseSuffixMapping);
  const twice = suffixMap.find(({ from, to }, at) =>
    suffixMap.slice(0, at).some((other) => other.from === from && other.to !== to),
  );
  if (twice)
    throw new ExpectedError(
      `--map-suffix maps "${twice.from}" to two domains.`,
      'Keep one of the two mappings.',
    );
  return { suffixMap };
}

/** Reads `old=new`; both sides may start with `@`, and `old` may be `*.domain` for a whole subtree. */
export function parseSuffixMapping(text: string): SuffixMapping {
  const [from = '', to = '', ...rest] = text
    .split('=')
    .map((side) => asciiDomain(side.trim().replace(/^@/, '').replace(/\.$/, '')));
  if (!from || !to || rest.length > 0)
    throw new ExpectedError(
      `"${text}" is no suffix mapping.`,
      'Write it as --map-suffix contoso.local=contoso.com.',
    );
  if (!isRoutable(to))
    throw new ExpectedError(
      `--map-suffix would move values to "${to}", which is no domain of the public internet.`,
      'Name a domain that your organisation owns and can verify in Microsoft 365.',
    );
  return { from, to };
}
