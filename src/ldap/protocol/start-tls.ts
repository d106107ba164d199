import type { Socket } from 'node:net';
import { ExpectedError } from '../../errors.js';
import { AttributeNames } from '../entry/attribute-names.js';
import { MalformedMessageError } from './ber-reader.js';
import { messageReader } from './messages.js';
import { type Answer, describeAnswer } from './result-codes.js';

const MESSAGE_ID = 1;
/** An extended request (RFC 4511 4.12) of this number, with the name of StartTLS and nothing else (4.14.1). */
const NAME = Buffer.from('1.3.6.1.4.1.1466.20037');
const REQUEST = Buffer.concat([
  Buffer.from([0x30, NAME.length + 7, 0x02, 0x01, MESSAGE_ID, 0x77, NAME.length + 2]),
  Buffer.from([0x80, NAME.length]),
  NAME,
]);

/**
 * Asks for TLS on a fresh socket; what is read here never reaches the LDAP session. Throws ExpectedError where the
 * server refuses.
 */
export async function startTls(socket: Socket, signal: AbortSignal): Promise<void> {
  const answer = await requestStartTls(socket, signal);
  if (answer.status === 0) return;
  throw new ExpectedError(
    `The server refuses StartTLS: ${describeAnswer(answer)}`,
    'Use ldaps://; a domain controller needs a certificate for both.',
  );
}

async function requestStartTls(socket: Socket, signal: AbortSignal): Promise<Answer> {
  const listening = new AbortController();
  let read = (_data: Buffer) => {};
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const fail = () => reject(Object.assign(new Error('no answer'), { code: 'ECONNRESET' }));
      signal.addEventListener('abort', fail, { signal: listening.signal });
      read = answerReader(resolve, reject);
      socket.once('error', reject).once('close', fail).on('data', read);
      socket.write(REQUEST);
    });
  } finally {
    listening.abort();
    socket.removeListener('data', read);
  }
}

/** Nothing but the answer to this request says that the server is ready for TLS. */
function answerReader(
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): (data: Buffer) => void {
  const refuse = () => {
    throw new MalformedMessageError();
  };
  const read = messageReader(new AttributeNames(), {
    onEntry: refuse,
    onReference: refuse,
    onResponse: (messageId, response) => {
      // Number 0: it ends the session and says why (RFC 4511 4.4.1).
      const isEnd = messageId === 0 && response.status !== 0;
      if (response.operation !== 'extended' || !(isEnd || messageId === MESSAGE_ID)) refuse();
      resolve(response);
    },
  });
  return (data) => {
    try {
      read(data);
    } catch {
      reject(
        new ExpectedError(
          'The server answers something else than whether it starts TLS',
          'Use ldaps://, or check the port: is it one for LDAP?',
        ),
      );
    }
  };
}
