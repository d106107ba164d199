import { expect, test } from '@jest/globals';
import { suffixCensus } from '../../../src/remediation/plan/suffix-census.js';

/** A census of people, each by the routable suffixes and the unroutable ones in use. */
function counted(...people: readonly (readonly [routable: string, unroutable: string])[]) {
  const census = suffixCensus();
  const words = (text: string) => text.split(' ').filter((word) => word !== '');
  for (const [routable, unroutable] of people)
    census.count({ routable: words(routable), unroutable: words(unroutable) });
  return census;
}
const any = () => true;

test('the suffix that most of the people with the unroutable one use beside it is inferred', () => {
  const census = counted(
    ['a.com', 'x.local'],
    ['b.com', 'x.local'],
    ['b.com', 'x.local'],
    ['a.com', 'y.local'],
    // Of several routable ones the first weighs.
    ['a.com b.com', 'y.local'],
    ['b.com', ''],
    ['b.com', ''],
  );
  expect(census.infer([], any)).toEqual([
    { from: 'x.local', to: 'b.com' },
    { from: 'y.local', to: 'a.com' },
  ]);
});

test('of equally frequent ones the first by name, in whatever order they came', () => {
  const people = [
    ['b.com', 'x.local'],
    ['a.com', 'x.local'],
  ] as const;
  for (const order of [people, people.toReversed()])
    expect(counted(...order).infer([], any)).toEqual([{ from: 'x.local', to: 'a.com' }]);
});

test('where those people use no other one, that of most people, then the only one that is registered', () => {
  const alone = ['', 'x.local'] as const;
  expect(counted(alone, ['b.com', ''], ['a.com', ''], ['b.com', '']).infer([], any)).toEqual([
    { from: 'x.local', to: 'b.com' },
  ]);
  expect(counted(alone).infer(['c.com'], any)).toEqual([{ from: 'x.local', to: 'c.com' }]);
  // Of two nobody can say which.
  expect(counted(alone).infer(['c.com', 'd.com'], any)).toEqual([]);
});

test('a domain that may not be proposed is passed over, however many use it', () => {
  const census = counted(['a.com', 'x.local'], ['a.com', 'x.local'], ['b.com', 'x.local']);
  const allowed = (domain: string) => domain !== 'a.com';
  expect(census.infer([], allowed)).toEqual([{ from: 'x.local', to: 'b.com' }]);
  expect(counted(['', 'x.local']).infer(['a.com', 'c.com'], allowed)).toEqual([
    { from: 'x.local', to: 'c.com' },
  ]);
});
