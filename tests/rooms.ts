/**
 * The house as a table: each room, and the rooms that its files may import beside their own. A room names only rooms
 * that stand above it here, so that no circle of rooms can be written down. docs/design.md says why each exists.
 */
export interface Room {
  /** A folder of `src/`, or a loose file without its `.ts`. */
  readonly name: string;
  readonly mayImport: readonly string[];
}

const TABLE = `
  model                  :
  errors                 : model
  web-files              :
  tables                 :
  text                   : model
  findings               : model text
  files                  : errors
  ldap/format            : model errors text
  ldap/entry             : model tables ldap/format
  ldap/offline           : model errors text ldap/format ldap/entry
  ldap/protocol          : model errors text ldap/format ldap/entry
  ldap/directory         : model errors text ldap/format ldap/entry ldap/protocol
  mail                   : model tables text ldap/format
  validators/rule-parts  : model text ldap/format mail
  validators/rules       : model text findings ldap/format mail validators/rule-parts
  validators/engine      : model tables text ldap/format ldap/entry mail
  validators/profiles    : model ldap/format validators/rule-parts validators/rules validators/engine
  validators             : model text validators/profiles
  remediation/plan       : model tables text ldap/format ldap/entry mail
  remediation/run        : model errors tables text files ldap/format ldap/protocol ldap/directory
  export/sheet           : model errors text findings ldap/format
  export/jsonl           : model errors text findings ldap/format
  export/report          : model text findings ldap/format mail
  export                 : model ldap/format
  settings               : model errors ldap/format mail remediation/plan validators validators/profiles
  scan                   : model errors tables text findings ldap/format ldap/entry mail validators/rules
                           validators/engine validators/profiles validators remediation/plan export/jsonl settings
  reports                : model web-files files validators/engine validators/profiles validators remediation/plan
                           export/sheet export/jsonl export/report export
  judging                : model errors tables text ldap/format ldap/entry validators/engine validators/profiles
                           remediation/plan remediation/run export/sheet
  jobs                   : model errors files judging validators validators/profiles settings remediation/plan remediation/run export/sheet
  review                 : model errors tables text web-files files ldap/format ldap/entry mail validators/rules
                           validators/engine validators/profiles validators remediation/plan remediation/run
                           export/sheet export/jsonl export/report judging jobs
  commands               : model errors tables text findings web-files files ldap/format ldap/entry ldap/offline
                           ldap/protocol ldap/directory mail validators/rules validators/engine validators/profiles
                           validators remediation/plan remediation/run export/sheet export/jsonl export/report export
                           settings scan reports judging jobs review
  index                  : model errors ldap/offline ldap/protocol ldap/directory validators remediation/plan
                           remediation/run export/sheet export/jsonl export settings scan reports
  cli                    : errors text files commands
`;

export const ROOMS: readonly Room[] = TABLE.replace(/\n {10,}(?! *:)/g, ' ')
  .split('\n')
  .filter((line) => line.includes(':'))
  .map((line) => {
    const [name = '', rooms = ''] = line.split(':').map((part) => part.trim());
    return { name, mayImport: rooms.split(/\s+/).filter((other) => other !== '') };
  });

const BY_LENGTH = ROOMS.toSorted((a, b) => b.name.length - a.name.length);

/** The room of a file below `src/`; undefined where it stands in none. */
export function roomOf(file: string): Room | undefined {
  return BY_LENGTH.find(({ name }) => file === `${name}.ts` || file.startsWith(`${name}/`));
}

/** What a text of TypeScript imports or exports again, as it is written there. */
export function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:\bfrom |\bimport |\bimport\()'([^']+)'/g)].map(
    ([, name]) => name ?? '',
  );
}

/** The groups of files that import each other in a circle (Tarjan's strongly connected components). */
export function circlesIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[][] {
  const order = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    open.push(file);
    let lowest = own;
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) lowest = Math.min(lowest, visit(next));
      else if (open.includes(next)) lowest = Math.min(lowest, order.get(next) ?? own);
    }
    if (lowest === own) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1) circles.push(circle);
    }
    return lowest;
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}
