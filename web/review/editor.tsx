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
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [refused, setRefused] = useState('');
  const input = useRef<HTMLInputElement>(null);

  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  useEffect(() => {
    let current = true;
    setAnswer(null);
    const timer = setTimeout(() => {
      ask<Answer>('check', { row: row.row, update: text }).then(
        (given) => current && setAnswer(given),
        (error: unknown) => current && setRefused(wordsOf(error)),
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, row.row]);

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
        onInput={(event) => {
          setText(event.currentTarget.value);
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
      <div class="buttons">
        <button type="submit" class="main">
          Save
        </button>
        {refused && (
          <button type="button" onClick={() => void write(true)}>
            Save all the same
          </button>
        )}
        {row.value !== null && (
          <button type="button" onClick={() => void save({ row: row.row, is: 'remove' }, false)}>
            Remove the value
          </button>
        )}
        <button type="button" onClick={onEnd}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Answers({ answer: { faults, taken, reach } }: { answer: Answer }) {
  return (
    <>
      {faults.length === 0 && taken.length === 0 && (
        <p class="ok">No rule objects, nobody has it.</p>
      )}
      {taken.map(({ dn, attribute, by, givesUp }) => (
        <p key={`${dn} ${attribute} ${by}`} class={givesUp ? 'warn' : 'bad'}>
          {by === 'stored' ? 'Taken: ' : 'Also proposed for '}
          <Text text={`${dn} (${attribute})`} />
          {givesUp
            ? ' holds it, and gives it up by this sheet.'
            : by === 'stored'
              ? ' holds it.'
              : '.'}
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
