/** A value as it stands in a filter (RFC 4515 3): nothing in it can end the assertion or widen it. */
export function escapeFilterValue(value: string): string {
  return value.replace(/[\\*()\0]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, '0');
    return `\\${code}`;
  });
}
