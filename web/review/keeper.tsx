import { useEffect, useState } from 'preact/hooks';
import type { Choice, Group, Member, MemberRow } from '../../src/review/api.js';
import { ask, RefusedError } from './client.js';
import { Dialog } from './dialog.js';
import { Text, Value } from './text.js';

interface KeeperProps {
  readonly group: string;
  readonly onSave: (choices: readonly Choice[], insist: boolean) => Promise<void>;
  readonly onEnd: () => void;
}

/** The holders of a shared value side by side; one of them keeps it, and the others give it up in one decision. */
export function Keeper({ group, onSave, onEnd }: KeeperProps) {
  const [shown, setShown] = useState<Group | null>(null);
  const [keeper, setKeeper] = useState<Member | null>(null);
  const [choices, setChoices] = useState<Choices>(new Map());
  const [refused, setRefused] = useState('');

  useEffect(() => {
    ask<Group>('group', { group }).then(setShown, (error: Error) => setRefused(error.message));
  }, [group]);

  const save = async (insist: boolean) => {
    try {
      await onSave(
        [...choices.values()].filter((choice) => choice !== null),
        insist,
      );
      onEnd();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      setRefused(`${error.message} ${error.hint}`);
    }
  };
  return (
    <Dialog title="Who keeps it?" onEnd={onEnd}>
      {shown && (
        <>
          <Holders
            shown={shown}
            keeper={keeper}
            onKeep={(member) => {
              setKeeper(member);
              setChoices(choicesFor(member, shown));
            }}
          />
          {keeper && <Fates shown={shown} choices={choices} onChoices={setChoices} />}
          <p class="small">
            <Text text={shown.reach} />
          </p>
        </>
      )}
      <Foot refused={refused} chosen={keeper !== null} onSave={save} onEnd={onEnd} />
    </Dialog>
  );
}

/** What becomes of each row; null where it is left open. */
type Choices = ReadonlyMap<number, Choice | null>;

function choicesFor(keeper: Member, { members }: Group): Choices {
  const all = members.flatMap(({ rows }) => rows);
  return new Map(all.map((one) => [one.row, keeper.rows.includes(one) ? one.kept : one.lost]));
}

interface HoldersProps {
  readonly shown: Group;
  readonly keeper: Member | null;
  readonly onKeep: (member: Member) => void;
}

function Holders({ shown, keeper, onKeep }: HoldersProps) {
  return (
    <>
      <p>
        <Text text={shown.value} mono /> is held by {shown.members.length} entries. The one that you
        choose keeps it; look at what becomes of the others.
      </p>
      <div class="holders" role="radiogroup" aria-label="The entry that keeps it">
        {shown.members.map((member) => (
          <Card
            key={member.dn}
            member={member}
            chosen={member === keeper}
            onKeep={() => onKeep(member)}
          />
        ))}
      </div>
    </>
  );
}

interface FatesProps {
  readonly shown: Group;
  readonly choices: Choices;
  readonly onChoices: (choices: Choices) => void;
}

function Fates({ shown, choices, onChoices }: FatesProps) {
  return (
    <div class="list">
      <table>
        <caption class="visually-hidden">What becomes of each value</caption>
        <thead>
          <tr>
            <th scope="col">Entry</th>
            <th scope="col">Value</th>
            <th scope="col">What becomes of it</th>
          </tr>
        </thead>
        <tbody>
          {shown.members.flatMap((member) =>
            member.rows.map((row) => (
              <Fate
                key={row.row}
                member={member}
                row={row}
                choice={choices.get(row.row) ?? null}
                onChoice={(choice) => onChoices(new Map(choices).set(row.row, choice))}
              />
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}

interface FootProps {
  readonly refused: string;
  readonly chosen: boolean;
  readonly onSave: (insist: boolean) => Promise<void>;
  readonly onEnd: () => void;
}

function Foot({ refused, chosen, onSave, onEnd }: FootProps) {
  return (
    <>
      <div role="alert">
        {refused && (
          <p class="minus">
            <Text text={refused} />
          </p>
        )}
      </div>
      <div class="foot">
        {refused && chosen && (
          <button type="button" onClick={() => void onSave(true)}>
            Save all the same
          </button>
        )}
        <button type="button" onClick={onEnd}>
          Cancel
        </button>
        <button type="button" class="main" disabled={!chosen} onClick={() => void onSave(false)}>
          Decide
        </button>
      </div>
    </>
  );
}

function Card({ member, chosen, onKeep }: { member: Member; chosen: boolean; onKeep: () => void }) {
  const { name, dn, kind, facts, rows } = member;
  return (
    <div class="holder">
      <label>
        <input type="radio" name="keeper" checked={chosen} onChange={onKeep} />
        <Text text={name || dn} />
      </label>
      <span class="small">
        <Text text={dn} />
      </span>
      <dl>
        <dt>Kind</dt>
        <dd>
          <Text text={kind} />
        </dd>
        {facts.map((fact) => (
          <>
            <dt>{fact.name}</dt>
            <dd>
              <Text text={fact.value} />
            </dd>
          </>
        ))}
        {rows.map((row) => (
          <>
            <dt>
              <Text text={row.attribute} />
            </dt>
            <dd>
              <Value value={row.value} />
            </dd>
          </>
        ))}
      </dl>
    </div>
  );
}

interface FateProps {
  readonly member: Member;
  readonly row: MemberRow;
  readonly choice: Choice | null;
  readonly onChoice: (choice: Choice | null) => void;
}

function Fate({ member, row: { row, attribute, value }, choice, onChoice }: FateProps) {
  const is = choice?.is ?? 'open';
  const label = `${member.name}, ${attribute}`;
  const change = (to: string) => {
    if (to === 'write')
      onChoice({ row, is: 'write', update: typeof value === 'string' ? value : '' });
    else if (to === 'remove' || to === 'keep') onChoice({ row, is: to });
    else onChoice(null);
  };
  return (
    <tr>
      <td>
        <Text text={member.name || member.dn} />
      </td>
      <td>
        <Text text={attribute} />: <Value value={value} />
      </td>
      <td>
        <select
          aria-label={`What becomes of ${label}`}
          value={is}
          onChange={(event) => change(event.currentTarget.value)}
        >
          <option value="keep">stays</option>
          <option value="remove">is removed</option>
          {typeof value === 'string' && <option value="write">is changed to</option>}
          <option value="open">is left open</option>
        </select>{' '}
        {choice?.is === 'write' && (
          <input
            class="value fate"
            aria-label={`New value of ${label}`}
            dir="ltr"
            spellcheck={false}
            value={choice.update}
            onInput={(event) => onChoice({ row, is: 'write', update: event.currentTarget.value })}
          />
        )}
      </td>
    </tr>
  );
}
