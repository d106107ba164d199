import { settingsFrom } from '../settings/settings.js';
import { profileFor } from '../validators/profiles/index.js';

let repairable: ReadonlySet<string> | undefined;

/**
 * Whether presync writes an attribute at all: only those that a rule of some profile can repair, whatever a sheet says.
 * Who may edit a sheet must not get the rights of the account that applies it.
 */
export function isRepairable(attribute: string): boolean {
  repairable ??= new Set(
    profileFor(settingsFrom({ profile: 'dedicated' }))
      .filter(({ meta }) => meta.fix !== 'none')
      .map((line) => line.attribute.toLowerCase()),
  );
  return repairable.has(attribute.toLowerCase());
}
