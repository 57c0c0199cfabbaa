/** Changes of DNS put together as they were made: each repair a set. */
import type { PastChange } from "./queries";

export interface PastRepair {
  fixId: string;
  at: string;
  by: string;
  changes: PastChange[];
  /** It undid an earlier one. */
  undoes: boolean;
  /** Some of its changes may not be here: they are further back than what is loaded. */
  cut: boolean;
}

/** In the order given, newest first; `more`: there are older changes. The changes of one repair were made at once. */
export function byRepair(changes: readonly PastChange[], more: boolean): PastRepair[] {
  const repairs = new Map<string, PastRepair>();
  for (const change of changes) {
    const known = repairs.get(change.fix_id);
    if (known) {
      known.changes.push(change);
      known.undoes ||= change.reverts !== null;
    } else {
      const { fix_id: fixId, created_at: at, created_by: by } = change;
      repairs.set(fixId, { fixId, at, by, changes: [change], undoes: change.reverts !== null, cut: false });
    }
  }
  const last = repairs.get(changes.at(-1)?.fix_id ?? "");
  if (last) last.cut = more;
  return [...repairs.values()];
}
