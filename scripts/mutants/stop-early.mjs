/** The environment of Jest's tests, in which the first failure ends a file: one is enough to notice a mutant. */
import { TestEnvironment } from 'jest-environment-node';

export default class StopEarly extends TestEnvironment {
  failed = false;

  handleTestEvent(event) {
    if (event.name === 'test_done' && event.test.errors.length > 0) this.failed = true;
    if (event.name === 'test_start' && this.failed) event.test.mode = 'skip';
  }
}
