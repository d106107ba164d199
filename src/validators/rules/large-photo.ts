import { encodeValue } from '../../ldap/format/values.js';
import type { EntryRule } from '../../model/rule.js';

/** Sizes in bytes; both still pass. */
export interface PhotoLimits {
  /** What Active Directory and the sync take. */
  readonly most: number;
  /** What Exchange Online took when Microsoft last gave a figure. */
  readonly advised: number;
}

/** A photo that is too large, for the sync or for Exchange Online. */
export const largePhoto: EntryRule<PhotoLimits> = {
  meta: {
    id: 'large-photo',
    title: 'A photo that is too large',
    why: 'The sync takes photos of up to 100 KB (102,400 bytes): a larger one stops the entry with LargeObject. An old page of Microsoft says that Exchange Online shows none above 10 KB (10,240 bytes), which is only a note.',
    remedy:
      'Store a smaller picture, of 96 by 96 pixels for example, or keep large photos in the cloud only.',
    severity: 'error',
    fix: 'none',
    errors: ['Length'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'contact'],
    facts: ['PIC-1', 'PIC-2'],
  },
  check: ({ entry, attribute, limits: { most, advised } }) =>
    entry.values(attribute).flatMap((value) => {
      const size = encodeValue(value).length;
      if (size <= advised) return [];
      const isTooLarge = size > most;
      const consequence = isTooLarge
        ? `more than ${most} stop the entry in the sync (LargeObject)`
        : `Exchange Online may not show a photo of more than ${advised}`;
      const message = `The photo has ${size} bytes: ${consequence}. Store a smaller one.`;
      // The photo itself would not fit into a cell of the sheet.
      return [
        { error: 'Length', value: undefined, message, severity: isTooLarge ? 'error' : 'info' },
      ];
    }),
};
