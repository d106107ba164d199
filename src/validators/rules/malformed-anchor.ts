import { encodeValue } from '../../ldap/format/values.js';
import type { Value } from '../../model/entry.js';
import type { EntryRule, Fault } from '../../model/rule.js';

/** What Connect, Cloud Sync and the tools for migration write: an objectGUID. */
const GUID_BYTES = 16;
/** An anchor must be shorter than this many characters in its base64 form (fact ANC-1). */
const BASE64_LIMIT = 60;
/** Base64 of sixteen bytes, and the written form of a GUID: text where bytes were meant. */
const AS_TEXT = /^(?:[a-z0-9+/]{22}==|\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?)$/i;

/** mS-DS-ConsistencyGuid is bytes, carried to the cloud as base64: its length is all that can be judged. */
export const malformedAnchor: EntryRule<undefined> = {
  meta: {
    id: 'malformed-anchor',
    title: 'An anchor that is not the sixteen bytes of a GUID',
    why: 'mS-DS-ConsistencyGuid becomes the anchor of the user in the cloud, for good. Connect and Cloud Sync write the sixteen bytes of an objectGUID. A value of another length came from elsewhere and ties the user to another account than was meant, or to none; more than 42 bytes are refused as too long.',
    remedy:
      'Where nothing has been synchronised with it yet, clear the attribute or write the sixteen bytes that were meant. An anchor in use must not be changed.',
    severity: 'info',
    fix: 'none',
    errors: ['Format', 'Length'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson'],
    facts: ['ANC-1', 'ANC-3', 'ANC-4', 'ANC-6'],
  },
  check: ({ entry, attribute }) =>
    entry.values(attribute).flatMap((value) => faultOf(value, attribute) ?? []),
};

function faultOf(value: Value, attribute: string): Fault | undefined {
  const bytes = Buffer.from(encodeValue(value));
  if (bytes.length === GUID_BYTES) return undefined;
  const characters = Math.ceil(bytes.length / 3) * 4;
  if (characters >= BASE64_LIMIT) {
    const message = `${attribute} has ${bytes.length} bytes, ${characters} characters in base64: an anchor must stay below ${BASE64_LIMIT}, so the user is refused. Clear it or write the 16 bytes that were meant.`;
    return { error: 'Length', value, message, severity: 'error' };
  }
  const what = AS_TEXT.test(bytes.toString('latin1'))
    ? 'the text of a GUID instead of its 16 bytes'
    : `${bytes.length} bytes instead of the 16 of a GUID`;
  const message = `${attribute} holds ${what}: the anchor in the cloud is hardly the one that was meant. Correct it before the user is synchronised for the first time.`;
  return { error: 'Format', value, message };
}
