import type { Event, Refusal } from '../../src/review/api.js';

/** Why the server did not do what it was asked. */
export class RefusedError extends Error {
  readonly hint: string;

  constructor({ message, hint }: Refusal) {
    super(message);
    this.hint = hint;
  }
}

/** The reading of the file whose rows the page shows. */
let reading: number | undefined;

export function showsReading(shown: number): void {
  reading = shown;
}

/** Asks the server about the rows that the page shows; throws RefusedError with its words. */
export async function ask<T>(route: string, body: object = {}): Promise<T> {
  const answer = await fetch(route, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...body, reading }),
  }).catch(() => {
    throw new RefusedError({
      message: 'The review does not answer.',
      hint: 'It was ended at the terminal: decisions up to then are in the sheet.',
    });
  });
  const json: unknown = await answer.json();
  if (!answer.ok) throw new RefusedError(json as Refusal);
  return json as T;
}

/** Listens to what the server tells unasked; what was told while it could not be reached must be asked for. */
export function listen(told: (event: Event) => void, reached: (is: boolean) => void): void {
  const source = new EventSource('events');
  source.onmessage = ({ data }) => {
    const event = JSON.parse(String(data)) as Event;
    if (event.is === 'closed') source.close();
    told(event);
  };
  source.onerror = () => reached(false);
  source.onopen = () => reached(true);
}
