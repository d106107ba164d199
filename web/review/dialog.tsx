import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly onEnd: () => void;
  readonly children: ComponentChildren;
}

/** A dialog that takes the focus and gives it back; Escape closes it. */
export function Dialog({ title, onEnd, children }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    box.current?.showModal();
  }, []);
  return (
    <dialog class="dialog" ref={box} aria-labelledby="dialog-title" onClose={onEnd}>
      <div class="body">
        <h2 id="dialog-title">{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
