import { useEffect, useRef } from 'preact/hooks';
import type { ReportHead } from '../../src/export/report/report-data';
import { Drawer } from '../shared/drawer';

export interface RuleDrawerProps {
  readonly head: ReportHead;
  readonly id: string;
  readonly onClose: () => void;
}

/** The page of a rule, over whatever is open. */
export function RuleDrawer({ head, id, onClose }: RuleDrawerProps) {
  const body = useRef<HTMLDivElement>(null);
  const page = head.pages[id];
  useEffect(() => {
    // Parsed apart from the document: the pages are presync's own, and even so nothing in them could run.
    const parsed = new DOMParser().parseFromString(page ?? '', 'text/html');
    body.current?.replaceChildren(...parsed.body.childNodes);
  }, [page]);
  return (
    <Drawer label={`Rule ${id}`} onClose={onClose}>
      <h2>{id}</h2>
      {page === undefined && (
        <p>{head.rules.find((rule) => rule.id === id)?.remedy ?? 'There is no such rule.'}</p>
      )}
      <div ref={body} class="prose" />
    </Drawer>
  );
}
