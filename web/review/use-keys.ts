import { useLayoutEffect, useRef } from 'preact/hooks';

export type Keys = Readonly<Record<string, (shift: boolean) => unknown>>;

/** Keys that a focused control needs for itself. */
const CONTROLS = 'input:not([type="checkbox"]), select, textarea, dialog';
const PRESSABLE = 'button, a, summary, input[type="checkbox"]';

/** Binds keys to the page, but for those that the focused control needs; letters only as long as they are on. */
export function useKeys(active: boolean, letters: boolean, keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useLayoutEffect(() => {
    if (!active) return;
    const pressed = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : document.body;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest(CONTROLS)) return;
      if ((event.key === 'Enter' || event.key === ' ') && target.closest(PRESSABLE)) return;
      const isLetter = event.key.length === 1 && event.key !== ' ';
      const action = latest.current[event.key];
      if (!action || (isLetter && !letters)) return;
      event.preventDefault();
      action(event.shiftKey);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [active, letters]);
}
