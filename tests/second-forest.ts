import type { Entry } from '../src/model/entry.js';
import { build, type Generated, guid, type Planted } from './generator.js';

/** A forest beside the one that was generated, and which of its entries Connect joins with somebody there. */
export interface SecondForest extends Generated {
  readonly joined: readonly string[];
}

const PLACE = 'OU=Partners,DC=resource,DC=net';

/**
 * What a second forest shows of clean users of the first: contacts that a synchronisation of address lists made (fact
 * X-10), and mailboxes of accounts there (fact MAS-1). Of strangers who hold the same both are planted as faulty: users
 * with the mail of somebody else, and users whose GUID somebody there carries over as anchor.
 */
export function secondForest({ entries, planted }: Generated): SecondForest {
  const faulty = new Set(planted.map(({ dn }) => dn));
  const users = entries.filter(({ dn, kind }) => kind === 'user' && !faulty.has(dn));
  const made: Entry[] = [];
  const faults: Planted[] = [];
  const joined: string[] = [];
  users.forEach((user, at) => {
    const own = (attribute: string) => user.values(attribute);
    if (own('proxyAddresses').length === 0) return;
    const [mail] = own('mail');
    const cn = `Beside ${at}`;
    const head = { dn: `CN=${cn},${PLACE}`, cn, displayName: cn, objectGUID: guid(1_000_000 + at) };
    const stranger = {
      ...{ ...head, objectClass: ['user'], sAMAccountName: `s${at}`, userAccountControl: '512' },
      userPrincipalName: `stranger${at}@fabrikam.com`,
    };
    const shares = (name: string, attribute: string) => {
      for (const dn of [head.dn, user.dn])
        faults.push({ name, dn, attribute: '*', words: ['Duplicate'] });
      return attribute;
    };
    switch (at % 40) {
      case 0:
      case 5:
        joined.push(head.dn);
        made.push(
          build({
            ...{
              ...head,
              objectClass: ['contact'],
              mail: mail ?? '',
              targetAddress: `SMTP:${mail}`,
            },
            ...{ mailNickname: own('mailNickname'), proxyAddresses: [`SMTP:${mail}`] },
          }),
        );
        break;
      case 10:
      case 15:
        joined.push(head.dn);
        made.push(
          build({
            ...{ ...stranger, userPrincipalName: `mailbox${at}@resource.net` },
            ...{ userAccountControl: '514', msExchRecipientTypeDetails: '2' },
            msExchMasterAccountSid: own('objectSid'),
            ...{ mail: mail ?? '', mailNickname: own('mailNickname') },
            proxyAddresses: own('proxyAddresses'),
          }),
        );
        break;
      case 20:
        made.push(build({ ...stranger, [shares('mail of a stranger', 'mail')]: mail ?? '' }));
        break;
      case 30:
        shares('anchor of a stranger', 'objectGUID');
        made.push(build({ ...stranger, 'mS-DS-ConsistencyGuid': own('objectGUID') }));
        break;
    }
  });
  return { entries: made, planted: faults, joined };
}
