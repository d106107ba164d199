import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Choice, Row } from '../../src/review/api.js';
import { ask, RefusedError } from './client.js';
import { Text } from './text.js';

/** Milliseconds without a key after which the rules are asked. */
const PAUSE = 200;

interface EditorProps {
  readonly row: Row;
  readonly onSave: (choices: readonly Choice[], insist: boolean) => Promise<void>;
  readonly onEnd: () => void;
}

/** Edits UPDATE; the rules answer while one types, and what they refuse is saved only by insisting. */
export function Editor({ row, onSave, onEnd }: EditorProps) {
  const [text, setText] = useState(startText(row));
  const [refused, setRefused] = useState('');
  const answer = useAnswer(row, text, setRefused);
  const save = async (choice: Choice, insist: boolean) => {
    try {
      await onSave([choice], insist);
      onEnd();
    } catch (error) {
      setRefused(wordsOf(error));
    }
  };
  const write = (insist: boolean) => save({ row: row.row, is: 'write', update: text }, insist);
  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault();
        void write(false);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onEnd();
      }}
    >
      <Input
        text={text}
        onText={(typed) => {
          setText(typed);
          setRefused('');
        }}
      />
      <div class="answer" id="answer" role="status">
        {refused && (
          <p class="bad">
            <Text text={refused} />
          </p>
        )}
        {answer ? <Answers answer={answer} /> : <p class="reach">Asking the rules…</p>}
      </div>
      <Buttons
        insists={refused !== ''}
        removes={row.value !== null}
        onInsist={() => void write(true)}
        onRemove={() => void save({ row: row.row, is: 'remove' }, false)}
        onEnd={onEnd}
      />
    </form>
  );
}

/** What the rules say of a text, once nobody has typed for a while; null before that. */
function useAnswer(row: Row, text: string, onRefused: (words: string) => void): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    let current = true;
    setAnswer(null);
    const timer = setTimeout(() => {
      ask<Answer>('check', { row: row.row, update: text }).then(
        (given) => current && setAnswer(given),
        (error: unknown) => current && onRefused(wordsOf(error)),
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, row.row]);
  return answer;
}

function Input({ text, onText }: { text: string; onText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  return (
    <>
      <label for="update">
        <h3>Update</h3>
      </label>
      <input
        id="update"
        class="value"
        ref={input}
        value={text}
        dir="ltr"
        autocomplete="off"
        spellcheck={false}
        aria-describedby="answer"
        onInput={(event) => onText(event.currentTarget.value)}
      />
    </>
  );
}

interface ButtonsProps {
  readonly insists: boolean;
  readonly removes: boolean;
  readonly onInsist: () => void;
  readonly onRemove: () => void;
  readonly onEnd: () => void;
}

function Buttons({ insists, removes, onInsist, onRemove, onEnd }: ButtonsProps) {
  return (
    <div class="buttons">
      <button type="submit" class="main">
        Save
      </button>
      {insists && (
        <button type="button" onClick={onInsist}>
          Save all the same
        </button>
      )}
      {removes && (
        <button type="button" onClick={onRemove}>
          Remove the value
        </button>
      )}
      <button type="button" onClick={onEnd}>
        Cancel
      </button>
    </div>
  );
}

const LEAD = {
  stored: 'Taken: ',
  update: 'Also proposed for ',
  proposal: 'What the scan proposed for ',
} as const;

function Answers({ answer: { faults, taken, reach } }: { answer: Answer }) {
  return (
    <>
      {faults.length === 0 && taken.length === 0 && (
        <p class="ok">No rule objects, nobody has it.</p>
      )}
      {taken.map(({ dn, attribute, by, givesUp, row }) => (
        <p key={`${dn} ${attribute} ${by}`} class={givesUp ? 'warn' : 'bad'}>
          {LEAD[by]}
          <Text text={`${dn} (${attribute})`} />
          {givesUp
            ? ' holds it, and gives it up by this sheet.'
            : by === 'stored'
              ? ' holds it.'
              : row === undefined
                ? '.'
                : ` in row ${row}.`}
        </p>
      ))}
      {faults.map(({ rule, message, severity }) => (
        <p key={rule} class={severity === 'error' ? 'bad' : 'warn'}>
          <Text text={message} />
        </p>
      ))}
      <p class="reach">
        <Text text={reach} />
      </p>
    </>
  );
}

function startText({ update, value }: Row): string {
  if (typeof update === 'string') return update;
  return typeof value === 'string' ? value : '';
}

function wordsOf(error: unknown): string {
  if (error instanceof RefusedError) return `${error.message} ${error.hint}`;
  throw error;
}
