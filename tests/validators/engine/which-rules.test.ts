import { createReadStream, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEntry, inBytes } from '../../../src/ldap/entry/entry.js';
import { snapshotSource } from '../../../src/ldap/offline/snapshot.js';
import type { Entry } from '../../../src/model/entry.js';
import type { Settings } from '../../../src/model/rule.js';
import { type Hash, hashOf } from '../../../src/tables/hash-table.js';
import { attributesOf } from '../../../src/validators/engine/engine.js';
import type { ProfileLine } from '../../../src/validators/engine/profile-line.js';
import {
  type ChooseLines,
  chooserOf,
  LineChooser,
} from '../../../src/validators/engine/which-rules.js';
import { profileFor } from '../../../src/validators/profiles/index.js';
import { draft, entryOf, SETTINGS } from '../../arbitrary.js';
import { faultsOf, keysOf } from '../../profile-lines.js';

fc.configureGlobal({ seed: Number(process.env['PRESYNC_SEED'] ?? 20261122) });

const PROFILES = SETTINGS.map((settings) => {
  const profile = profileFor(settings);
  const chooser = new LineChooser(profile, settings, () => 0);
  return { settings, profile, chooser, choose: chooserOf(chooser) };
});

/** The lines that are of the kind of an entry and are not asked; for unsaid keys entries are looked at in the end. */
function leftOut(entry: Entry, profile: readonly ProfileLine[], choose: ChooseLines) {
  const lines = new Set(choose(entry).flat());
  const isUnsaid = (line: ProfileLine) => line.judges === 'directory' && line.isUnsaid;
  return profile.filter(
    (line) => line.kinds.includes(entry.kind) && !lines.has(line) && !isUnsaid(line),
  );
}

const speaks = (entry: Entry, settings: Settings) => (line: ProfileLine) =>
  faultsOf(line, entry, settings).length + keysOf(line, entry, settings).length > 0;

function expectNothingMissed(entry: Entry): number {
  let count = 0;
  for (const { settings, profile, choose, chooser } of PROFILES) {
    const silent = leftOut(entry, profile, choose);
    count += silent.length;
    expect(silent.filter(speaks(entry, settings)).map(({ meta }) => meta.id)).toEqual([]);
    const { lines, rest } = chooser.choose(inBytes(entry));
    const inPlain = lines.flat().filter((line) => !rest.flat().includes(line));
    expect(inPlain.filter((line) => faultsOf(line, entry, settings).length > 0)).toEqual([]);
    const keys = inPlain.flatMap((line) => keysOf(line, entry, settings).map(({ key }) => key));
    expect(keysRead(chooser, entry)).toEqual(
      keys
        .map((key) => hashOf(key))
        .map(shown)
        .sort(),
    );
  }
  return count;
}

const shown = ({ high, low }: Hash) => `${high} ${low}`;

/** The hashes of the keys that one look at the bytes of an entry finds. */
function keysRead(chooser: LineChooser, entry: Entry): readonly string[] {
  const { isKeyed } = chooser.choose(inBytes(entry));
  const { count, attributes, highs, lows } = chooser.keys;
  const hashes = Array.from({ length: count }, (_, at) => ({
    high: highs[at] as number,
    low: lows[at] as number,
  }));
  return hashes
    .filter((_, at) => isKeyed[attributes[at] as number])
    .map(shown)
    .sort();
}

/** Values as most directories hold them, and a little beside: what arePlain takes for plain is among them. */
const word = fc.stringMatching(/^[A-Za-z0-9]{1,22}$/);
const between = fc.constantFrom('', '.', '-', '_', ' ', '--', '..');
const local = fc.tuple(word, between, word).map((parts) => parts.join(''));
const domain = fc.tuple(local, fc.constantFrom('.com', '.local', '.de', '.1', ''));
const address = fc.tuple(local, domain).map(([name, host]) => `${name}@${host.join('')}`);
const typed = fc.tuple(fc.constantFrom('SMTP:', 'smtp:', 'Smtp:', ''), address);
const ordinary = fc.record({
  userPrincipalName: fc.array(address, { maxLength: 1 }),
  mail: fc.array(address, { maxLength: 1 }),
  proxyAddresses: fc.array(
    typed.map((parts) => parts.join('')),
    { maxLength: 3 },
  ),
  targetAddress: fc.array(
    typed.map((parts) => parts.join('')),
    { maxLength: 1 },
  ),
});
const classes = fc.constantFrom('user', 'inetOrgPerson', 'group', 'contact');
const NAMES = [...new Set(SETTINGS.flatMap((settings) => attributesOf(profileFor(settings))))];
const names = fc.record(
  Object.fromEntries(NAMES.map((name) => [name, fc.array(local, { maxLength: 1 })])),
);
const entry = fc
  .record({ classes, names, ordinary })
  .map((drawn) =>
    createEntry('CN=Anna,DC=contoso,DC=com', [
      ['objectClass', [drawn.classes]],
      ...Object.entries({ ...drawn.names, ...drawn.ordinary, objectClass: [] }),
    ]),
  );

/** People whose addresses agree, and near misses: another case, another order, a stray address. */
const host = fc.constantFrom('contoso.com', 'Contoso.com', 'fabrikam.onmicrosoft.com', 'x.local');
const person = fc
  .record({
    name: fc.tuple(local, host).map((parts) => parts.join('@')),
    more: fc.array(fc.tuple(local, host), { maxLength: 3 }),
    second: fc.constantFrom('smtp:', 'smtp:', 'smtp:', 'SMTP:', 'sip:'),
    change: fc.constantFrom(...['none', 'none', 'none', 'case', 'twice', 'bare', 'mail', 'alone']),
    classes,
  })
  .map(({ name, more, second, change, classes: kind }) => {
    const own = change === 'case' ? name.toUpperCase() : name;
    const rest = more.map((parts) => `${second}${parts.join('@')}`);
    const all = [`SMTP:${own}`, ...rest, ...(change === 'twice' ? [`smtp:${name}`] : [])];
    const alone = createEntry('CN=Anna,DC=contoso,DC=com', [
      ['objectClass', [kind]],
      ['userPrincipalName', [name]],
    ]);
    if (change === 'alone') return alone;
    return createEntry('CN=Anna,DC=contoso,DC=com', [
      ['objectClass', [kind]],
      ['userPrincipalName', [name]],
      ['mail', [change === 'mail' ? `x${name}` : name]],
      ['proxyAddresses', change === 'bare' ? rest : all],
    ]);
  });

const FIXTURES = ['fixtures/rules', 'fixtures/field-cases'].flatMap((folder) =>
  readdirSync(folder).map((file) => `${folder}/${file}`),
);

describe('a line that is not asked would have found nothing', () => {
  test('in entries such as most are', () => {
    let leftOutInAll = 0;
    const check = (drawn: Entry) => {
      leftOutInAll += expectNothingMissed(drawn);
    };
    fc.assert(fc.property(entry, check), { numRuns: 1500 });
    expect(leftOutInAll).toBeGreaterThan(100_000);
  });

  test('in people with ordinary addresses, and nearly so', () => {
    let ordinaryOnes = 0;
    const check = (drawn: Entry) => {
      expectNothingMissed(drawn);
      for (const { chooser } of PROFILES)
        ordinaryOnes += Number(chooser.choose(inBytes(drawn)) && chooser.domain !== undefined);
    };
    fc.assert(fc.property(person, check), { numRuns: 3000 });
    expect(ordinaryOnes).toBeGreaterThan(300);
  });

  test('in entries that hold anything', () => {
    fc.assert(fc.property(draft, (drawn) => void expectNothingMissed(entryOf(drawn))));
  });

  test.each(FIXTURES)('in %s', async (file) => {
    const open = () => createReadStream(file);
    const attributes = SETTINGS.flatMap((settings) => attributesOf(profileFor(settings)));
    for await (const { entries } of snapshotSource(file, open, { bases: [] }).pages(attributes))
      for (const one of entries) expectNothingMissed(one);
  });
});

test('of most entries, most lines are not asked', () => {
  const ordinaryUser = createEntry('CN=Anna,DC=contoso,DC=com', [
    ['objectClass', ['user']],
    ['userPrincipalName', ['anna@contoso.com']],
    ['mail', ['anna@contoso.com']],
    ['proxyAddresses', ['SMTP:anna@contoso.com', 'smtp:a.berg@contoso.com']],
    ['mailNickname', ['anna']],
    ['displayName', ['Anna Berg']],
  ]);
  for (const { profile, choose } of PROFILES)
    expect(choose(ordinaryUser).flat().length).toBeLessThan(profile.length / 3);
});
