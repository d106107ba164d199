import { texts } from '../../ldap/format/values.js';
import { isForwarded } from '../../mail/forwarding.js';
import type { EntryRule, Fault } from '../../model/rule.js';

/** A contact, or a user without a mailbox, that has mail but no targetAddress. */
export const missingTargetAddress: EntryRule<undefined> = {
  meta: {
    id: 'missing-target-address',
    title: 'A contact or mail user without targetAddress',
    why: 'The manual of IdFix asks dedicated tenants for a targetAddress on contacts, and on users who have mail but no mailbox in the organisation: it says where their mail goes.',
    remedy:
      'Give a contact the address it stands for; SMTP: and the value of mail is the proposal. For a user find out first where the mailbox is.',
    severity: 'warning',
    fix: 'review',
    errors: ['Blank'],
    reads: ['mail', 'homeMDB'],
    absence: ['targetAddress', 'homeMDB'],
    when: 'missing',
    kinds: ['user', 'inetOrgPerson', 'contact'],
    facts: ['TGT-6'],
  },
  check: ({ entry, attribute }) => {
    if (!texts(entry, 'mail').some((mail) => mail.trim() !== '')) return [];
    if (!isForwarded(entry)) return [];
    const values = entry.values(attribute);
    if (values.some((value) => typeof value !== 'string' || value.trim() !== '')) return [];
    const message = `This ${entry.kind} has mail but no ${attribute}: nothing says where its mail goes. Give it the address it stands for.`;
    const fault = (value: Fault['value']): Fault => ({ error: 'Blank', value, message });
    return values.length === 0 ? [fault(undefined)] : values.map(fault);
  },
  fix: (value, { entry }) => {
    const [mail, ...others] = texts(entry, 'mail').map((text) => text.trim());
    // A user's mail is often the very address that would be forwarded: that is a circle.
    if (entry.kind !== 'contact' || value?.trim() || !mail || others.length > 0) return undefined;
    return { value: `SMTP:${mail}` };
  },
};
