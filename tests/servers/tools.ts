import { environment, run } from './process.js';

/** How OpenLDAP's command line programs reach a server. */
export interface Access {
  readonly url: string;
  /** Bind name: a DN or, on Active Directory, a userPrincipalName. */
  readonly bindDn: string;
  /** File that holds the password and no line end. */
  readonly passwordFile: string;
  readonly base: string;
}

/** An entry as ldapsearch printed it: an oracle that shares no code with presync. */
export interface SearchedEntry {
  readonly dn: string;
  /** Values of an attribute by its name in any case. */
  bytes(attribute: string): readonly Buffer[];
  /** The same, read as UTF-8. */
  values(attribute: string): readonly string[];
}

export interface SearchQuery {
  /** All entries when left out. */
  readonly filter?: string;
  /** The whole tree of the server when left out. */
  readonly base?: string;
  readonly scope?: 'base' | 'one' | 'sub';
  /** All user attributes when left out. */
  readonly attributes?: readonly string[];
}

export interface Tools {
  /** Sends LDIF with ldapmodify: records without changetype are added. */
  add(ldif: string): Promise<void>;
  search(query?: SearchQuery): Promise<readonly SearchedEntry[]>;
}

/** OpenLDAP's own client programs on a server, without looking at its certificate. */
export function ldapTools({ url, bindDn, passwordFile, base }: Access): Tools {
  const login = ['-x', '-H', url, '-D', bindDn, '-y', passwordFile];
  const env = environment({ LDAPTLS_REQCERT: 'never' });
  return {
    add: async (ldif) => {
      await run('ldapmodify', ['-a', ...login], { input: ldif, env });
    },
    search: async (query = {}) => {
      const where = ['-b', query.base ?? base, '-s', query.scope ?? 'sub'];
      const paged = query.scope === 'base' ? [] : ['-E', 'pr=500/noprompt'];
      const what = [query.filter ?? '(objectClass=*)', ...(query.attributes ?? ['*'])];
      const args = [...login, '-LLL', '-o', 'ldif-wrap=no', ...paged, ...where, ...what];
      return readEntries(await run('ldapsearch', args, { env }));
    },
  };
}

function readEntries(ldif: string): readonly SearchedEntry[] {
  // A comment about the page stands directly before the first entry of the next.
  const text = ldif.replace(/^#.*\n/gm, '');
  const records = text.split(/\n{2,}/).map((record) => record.split('\n'));
  return records.filter(([first]) => first?.startsWith('dn:')).map(readEntry);
}

function readEntry(lines: readonly string[]): SearchedEntry {
  const fields = lines.filter((line) => /^[^:]+:/.test(line)).map(readLine);
  const bytes = (attribute: string) =>
    fields.filter(([name]) => name === attribute.toLowerCase()).map(([, value]) => value);
  const values = (attribute: string) => bytes(attribute).map((value) => value.toString('utf8'));
  const [dn = ''] = values('dn');
  return { dn, bytes, values };
}

function readLine(line: string): readonly [name: string, value: Buffer] {
  const colon = line.indexOf(':');
  const base64 = line[colon + 1] === ':';
  const value = line.slice(colon + (base64 ? 2 : 1)).trimStart();
  return [line.slice(0, colon).toLowerCase(), Buffer.from(value, base64 ? 'base64' : 'utf8')];
}
