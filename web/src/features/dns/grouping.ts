/** Changes of DNS put together as they were made: each repair a set. */
import type { PastChange } from "./queries";

export interface PastRepair {
  fixId: string;
  at: string;
  by: string;
  changes: PastChange[];
  /** It undid an earlier one. */
  undoes: boolean;
}

/** In the order given; the changes of one repair need not stand together. */
export function byRepair(changes: readonly PastChange[]): PastRepair[] {
  const repairs = new Map<string, PastRepair>();
  for (const change of changes) {
    const known = repairs.get(change.fix_id);
    if (known) {
      known.changes.push(change);
      known.undoes ||= change.reverts !== null;
    } else {
      const { fix_id: fixId, created_at: at, created_by: by } = change;
      repairs.set(fixId, { fixId, at, by, changes: [change], undoes: change.reverts !== null });
    }
  }
  return [...repairs.values()];
}

/** What undoing `item` is about: one change, or what is left of a repair. */
export function toUndo(changes: readonly PastChange[], item: string): PastChange[] {
  return changes.filter((change) => (change.id === item || change.fix_id === item) && change.reverted_by === null);
}
