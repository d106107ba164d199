import { render } from 'preact';
import '../shared/theme.css';
import '../shared/drawer.css';
import './report.css';
import './grid.css';
import './print.css';
import { App } from './app';
import { readData } from './data';
import { printOnDemand } from './print';

const app = document.getElementById('app') as HTMLElement;
const print = document.getElementById('print') as HTMLElement;

/** A browser from before 2023 cannot unpack the data; the verdict stands in the file as text. */
function say(message: string): void {
  const status = app.querySelector('[role=status]');
  if (status) status.textContent = message;
}

if ('DecompressionStream' in window) {
  readData().then(
    (data) => {
      app.replaceChildren();
      render(<App {...data} onRows={printOnDemand(print)} />, app);
    },
    (error: unknown) => say(`The report cannot be read: the file is damaged (${String(error)}).`),
  );
} else
  say('This browser is too old to show the charts and findings. Open the file in a newer one.');
