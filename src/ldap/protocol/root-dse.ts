import type { Entry } from '../../model/entry.js';
import { texts } from '../format/values.js';

/** What a server says about itself (RFC 4512 5.1, MS-ADTS 3.1.1.3.2). */
export interface RootDse {
  readonly defaultNamingContext: string | undefined;
  readonly configurationNamingContext: string | undefined;
  readonly schemaNamingContext: string | undefined;
  readonly rootDomainNamingContext: string | undefined;
  /** Where the server describes its schema as text (RFC 4512 4.2). */
  readonly subschemaSubentry: string | undefined;
  readonly namingContexts: readonly string[];
  readonly supportedControl: readonly string[];
  readonly supportedCapabilities: readonly string[];
  readonly dnsHostName: string | undefined;
  readonly isActiveDirectory: boolean;
  readonly isOpenLdap: boolean;
  /** Whether it is a controller that takes no changes. */
  readonly isReadOnly: boolean;
  /** Functional level of the forest (MS-ADTS 6.1.4.4). */
  readonly forestLevel: number | undefined;
}

/** LDAP_CAP_ACTIVE_DIRECTORY_OID: an Active Directory domain controller (MS-ADTS 3.1.1.3.4.3.1). */
const ACTIVE_DIRECTORY = '1.2.840.113556.1.4.800';

/** LDAP_CAP_ACTIVE_DIRECTORY_PARTIAL_SECRETS_OID: a read-only domain controller (MS-ADTS 3.1.1.3.4.3.6). */
const READ_ONLY = '1.2.840.113556.1.4.1920';

/** The class of the root DSE of OpenLDAP. */
const OPENLDAP = 'openldaprootdse';

/** By name: OpenLDAP holds most of them back from a request for all attributes. */
export const ROOT_DSE_ATTRIBUTES: readonly string[] = [
  'defaultNamingContext',
  'configurationNamingContext',
  'schemaNamingContext',
  'rootDomainNamingContext',
  'subschemaSubentry',
  'namingContexts',
  'supportedControl',
  'supportedCapabilities',
  'dnsHostName',
  'forestFunctionality',
  'objectClass',
];

/** Reads the root DSE; a server that hides it says nothing about itself. */
export function rootDseOf(entry: Entry | undefined): RootDse {
  const all = (attribute: string) => (entry ? texts(entry, attribute) : []);
  const supportedCapabilities = all('supportedCapabilities');
  return {
    defaultNamingContext: all('defaultNamingContext')[0],
    configurationNamingContext: all('configurationNamingContext')[0],
    schemaNamingContext: all('schemaNamingContext')[0],
    rootDomainNamingContext: all('rootDomainNamingContext')[0],
    subschemaSubentry: all('subschemaSubentry')[0],
    namingContexts: all('namingContexts'),
    supportedControl: all('supportedControl'),
    supportedCapabilities,
    dnsHostName: all('dnsHostName')[0],
    isActiveDirectory: supportedCapabilities.includes(ACTIVE_DIRECTORY),
    isReadOnly: supportedCapabilities.includes(READ_ONLY),
    forestLevel: levelOf(all('forestFunctionality')[0]),
    isOpenLdap: all('objectClass').some((name) => name.toLowerCase() === OPENLDAP),
  };
}

function levelOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}
