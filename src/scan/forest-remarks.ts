import type { EntrySource, ForestTraits } from '../model/entry.js';
import { printable } from '../text/printable.js';

/** Functional level of Windows Server 2003 (MS-ADTS 6.1.4.4). */
const SERVER_2003 = 2;

/** What speaks against synchronising the forests of the sources, each forest once (facts FOR-1 to FOR-4). */
export async function forestRemarks(
  sources: readonly EntrySource[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const forests = new Map<string, ForestTraits>();
  const remarks: string[] = [];
  for (const source of sources) {
    const traits = await source.forest?.(signal);
    if (!traits) continue;
    forests.set(traits.forest, traits);
    if (traits.isReadOnly)
      remarks.push(
        `${source.name} is a read-only domain controller: Connect needs a writable one (FOR-2).`,
      );
  }
  return [...remarks, ...[...forests.values()].flatMap(remarksOn)];
}

function remarksOn({ forest, netbiosNames, level, hasCloudId }: ForestTraits): readonly string[] {
  const where = printable(forest.replace(/^cn=configuration,/, ''));
  const dotted = netbiosNames.filter((name) => name.includes('.')).map(printable);
  return [
    ...(dotted.length > 0
      ? [
          `Connect does not support a NetBIOS name with a dot: ${dotted.join(', ')} in ${where} (FOR-1).`,
        ]
      : []),
    ...(level !== undefined && level < SERVER_2003
      ? [
          `The functional level of ${where} is below Windows Server 2003: raise it before you set up Connect (FOR-3).`,
        ]
      : []),
    ...(hasCloudId
      ? []
      : [
          `The schema of ${where} is older than Windows Server 2016: Connect can synchronise it, Cloud Sync cannot (FOR-4).`,
        ]),
  ];
}
