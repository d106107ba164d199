import { useEffect, useRef, useState } from 'preact/hooks';
import type {
  Changed,
  Choice,
  Decision,
  Event,
  History,
  Row,
  Run,
  State,
  Trouble,
} from '../../src/review/api.js';
import { ask, listen, RefusedError, showsReading } from './client.js';

const REREAD = 'The file was read again';

export interface Progress {
  readonly done: number;
  readonly of: number;
  readonly failed: number;
}

/** The review as the page knows it. */
export interface Model {
  readonly sheet: string;
  readonly directory: string | null;
  readonly suffix: State['suffix'];
  readonly unreadable: State['unreadable'];
  readonly rows: ReadonlyMap<number, Row>;
  readonly history: History;
  readonly trouble: Trouble | null;
  readonly runs: readonly Run[];
  /** Of the run under way; null where there is none. */
  readonly progress: Progress | null;
  readonly closed: boolean;
  /** Whether the server cannot be reached. */
  readonly lost: boolean;
  /** What happened last, for those who see and those who listen. */
  readonly said: string;
  /** Why the server refused what it was asked last. */
  readonly refused: string;
}

export interface Review {
  readonly model: Model | null;
  /** The row to look at after an undo or redo; changes with each. */
  readonly look: { readonly row: number } | null;
  decide(decision: Decision): Promise<void>;
  /** Writes, removes or keeps values; throws where the rules refuse. */
  choose(choices: readonly Choice[], insist: boolean): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  save(): Promise<void>;
  reread(): Promise<void>;
  close(): Promise<void>;
}

type SetModel = (change: (old: Model | null) => Model | null) => void;

/** Keeps the page in step with the server. */
export function useReview(): Review {
  const [model, setModel] = useState<Model | null>(null);
  const [look, setLook] = useState<{ row: number } | null>(null);
  /** Own requests under way: their answers say what was done, and where to look, in one piece. */
  const asking = useRef(0);
  const guarded = async (action: () => Promise<void>) => {
    put(setModel, { refused: '' });
    try {
      await action();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      put(setModel, { refused: `${error.message} ${error.hint}` });
    }
  };
  const load = useServer(setModel, asking, guarded);
  const changing = async (route: string, body?: object) => {
    asking.current += 1;
    try {
      const changed = await ask<Changed>(route, body);
      apply(setModel, changed);
      if (changed.look !== undefined) setLook({ row: changed.look });
    } finally {
      asking.current -= 1;
    }
  };
  return {
    model,
    look,
    decide: (decision) => guarded(() => changing('decide', decision)),
    choose: (choices, insist) => changing('decide', { is: 'choose', choices, insist }),
    undo: () => guarded(() => changing('undo')),
    redo: () => guarded(() => changing('redo')),
    save: () => guarded(() => ask('save')),
    reread: () => guarded(() => load('reread', REREAD)),
    close: () => guarded(() => ask('close')),
  };
}

/** Listens to what the server tells; gives what loads the review anew. */
function useServer(
  setModel: SetModel,
  asking: { readonly current: number },
  guarded: (action: () => Promise<void>) => Promise<void>,
) {
  /** The reading of the file that is shown, and what was told while another one was asked for. */
  const shown = useRef(0);
  const missed = useRef<Event[] | null>(null);
  const told = (event: Event) => {
    missed.current?.push(event);
    if (event.is === 'changed') apply(setModel, event.changed, asking.current === 0);
    else if (event.is !== 'reread') put(setModel, partOf(event));
    else if (event.reading !== shown.current) void guarded(() => load('state', REREAD));
  };
  const load = async (route: 'state' | 'reread', said: string) => {
    const since: Event[] = [];
    missed.current = since;
    const state = await ask<State>(route).finally(() => {
      if (missed.current === since) missed.current = null;
    });
    showsReading(state.reading);
    shown.current = state.reading;
    setModel(() => modelOf(state, said));
    // The state may be older than what was told while it was on its way.
    for (const event of since) if (event.is !== 'reread') told(event);
  };
  useEffect(() => {
    listen(told, (is) => {
      if (is) void load('state', '');
      else put(setModel, { lost: true });
    });
  }, []);
  return load;
}

function put(setModel: SetModel, part: Partial<Model>): void {
  setModel((old) => (old ? { ...old, ...part } : old));
}

function apply(setModel: SetModel, { rows, history, trouble, said }: Changed, speaks = true): void {
  setModel(
    (old) =>
      old && {
        ...{ ...old, rows: merged(old.rows, rows), history, trouble },
        said: speaks ? said : old.said,
      },
  );
}

function modelOf({ rows, running, reading, ...rest }: State, said: string): Model {
  const progress = running ? { done: 0, of: 0, failed: 0 } : null;
  const byRow = new Map(rows.map((row) => [row.row, row]));
  return { ...rest, rows: byRow, progress, closed: false, lost: false, said, refused: '' };
}

/** What an event changes of the model. */
function partOf(event: Exclude<Event, { is: 'changed' | 'reread' }>): Partial<Model> {
  if (event.is === 'trouble') return { trouble: event.trouble };
  if (event.is === 'closed') return { closed: true, said: 'The review has ended' };
  if (event.is === 'progress') return { progress: event };
  return { progress: null, runs: event.runs, said: saidOf(event.run) };
}

function merged(
  rows: ReadonlyMap<number, Row>,
  changes: Changed['rows'],
): ReadonlyMap<number, Row> {
  if (changes.length === 0) return rows;
  const next = new Map(rows);
  for (const change of changes) {
    const row = rows.get(change.row);
    if (row) next.set(change.row, { ...row, ...change });
  }
  return next;
}

function saidOf({ command, counts, stopped }: Run): string {
  const what = Object.entries(counts).filter(([, count]) => count > 0);
  const words = what.map(([state, count]) => `${count} ${state}`).join(', ') || 'nothing done';
  return `${command === 'apply' ? 'Apply' : 'Undo'}: ${words}${stopped ? `; stopped: ${stopped}` : ''}`;
}
