import { type Browser, chromium } from 'playwright-core';
import { hasProgram } from './process.js';

/** Debian's Chromium. */
const PROGRAM = '/usr/bin/chromium';

/** Keeps Chromium from talking to its makers, and lets it run as root. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where Chromium is; undefined where it is not installed. */
export function findChromium(): string | undefined {
  return hasProgram('chromium') ? PROGRAM : undefined;
}

/** Chromium without a window, with an empty profile of its own. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PROGRAM, args: FLAGS });
}
