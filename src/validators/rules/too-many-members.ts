import { MEMBER_OVERFLOW, texts } from '../../ldap/format/values.js';
import type { EntryRule } from '../../model/rule.js';

/** A group with more members than the sync carries. */
export const tooManyMembers: EntryRule<undefined> = {
  meta: {
    id: 'too-many-members',
    title: 'A group with too many members',
    why: 'A group with more members than the sync can carry is not exported. How many that are depends on the tool: 250,000 with Connect of today, 50,000 with Cloud Sync and with older versions of Connect.',
    remedy:
      'Split the group, or use a tool that carries larger ones. A scan can be told another limit.',
    severity: 'error',
    fix: 'none',
    errors: ['Length'],
    reads: [MEMBER_OVERFLOW],
    absence: [],
    kinds: ['group'],
    settings: ['memberLimit'],
    facts: ['L-8', 'L-9', 'SCOPE-18'],
  },
  check: ({ entry, attribute, settings: { memberLimit } }) => {
    const members = entry.values(attribute).length;
    const overflows = texts(entry, MEMBER_OVERFLOW)[0]?.toUpperCase() === 'TRUE';
    if (members <= memberLimit && !overflows) return [];
    const number = members > memberLimit ? `${members} members` : 'too many members';
    const message = `This group has ${number}: with more than ${memberLimit} it is not exported. Split it, or raise the limit of the scan if your tool carries more.`;
    return [{ error: 'Length', value: undefined, message }];
  },
};
