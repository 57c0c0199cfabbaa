/** A short word that something worked, said politely; failures stay on the page instead. Loaded when first needed. */
import { useSyncExternalStore } from "react";
import { translate } from "@/text";

let needed = false;
const waiting = new Set<() => void>();

export function toast(message: string): void {
  needed = true;
  for (const changed of waiting) changed();
  void import("@mantine/notifications").then(({ notifications }) =>
    // Kept by the library until its place is on the page.
    notifications.show({
      message,
      color: "green",
      autoClose: 4000,
      role: "status",
      closeButtonProps: { "aria-label": translate("ui")("close") },
    }),
  );
}

/** Has anything been said yet? Then the shell makes the place for it. */
export function useToastsNeeded(): boolean {
  return useSyncExternalStore(
    (changed) => {
      waiting.add(changed);
      return () => waiting.delete(changed);
    },
    () => needed,
  );
}
