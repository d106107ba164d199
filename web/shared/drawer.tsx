import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface DrawerProps {
  readonly label: string;
  readonly onClose: () => void;
  /** Buttons beside the one that closes. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A panel over the right side of the page; the browser keeps the focus inside and closes it with Escape. */
export function Drawer({ label, onClose, actions, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the panel closes it; the keyboard has Escape
    <dialog
      ref={dialog}
      class="drawer"
      aria-label={label}
      onClose={onClose}
      onClick={({ target }) => target === dialog.current && dialog.current?.close()}
    >
      <div class="drawer-body">
        <div class="drawer-bar">
          {actions}
          <button type="button" class="control" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
