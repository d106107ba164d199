/** Every noun of presync. Types only: nothing here runs. */

export type * from './change.js';
export type * from './entry.js';
export type * from './finding.js';
export type * from './rule.js';
export type * from './scan.js';
export type * from './setting.js';
