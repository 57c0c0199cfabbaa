/** What opens over a view. The frames are loaded when first needed: most visits begin with a list. */
import { type ComponentProps, lazy, Suspense, useLayoutEffect, useState } from "react";
import type DialogFrame from "./ConfirmFrame";
import type PanelFrameType from "./PanelFrame";

const Panel = lazy(() => import("./PanelFrame"));
const Confirm = lazy(() => import("./ConfirmFrame"));

/** A form or detail beside its list. Whether it is open is part of the address, so it is closed by navigating. */
export function SidePanel(props: ComponentProps<typeof PanelFrameType>) {
  const [needed, setNeeded] = useState(props.opened);
  if (props.opened && !needed) setNeeded(true);
  useReturnedFocus(props.opened);
  if (!needed) return null;
  return (
    <Suspense fallback={null}>
      <Panel {...props} />
    </Suspense>
  );
}

/** Before something is destroyed: says what happens and asks for the name of the thing. */
export function ConfirmDialog(props: ComponentProps<typeof DialogFrame>) {
  useReturnedFocus(props.opened);
  return (
    <Suspense fallback={null}>
      <Confirm {...props} />
    </Suspense>
  );
}

/** The library gives the focus back only where its frame was on the page before: here it may come and go as a whole. */
export function useReturnedFocus(opened: boolean): void {
  useLayoutEffect(() => {
    if (!opened) return;
    const before = document.activeElement;
    return () => void setTimeout(() => giveBack(before, SLIDING_MS), 50);
  }, [opened]);
}

/** A frame that slides out has the focus until it is gone. */
const SLIDING_MS = 1000;

/** After the frame is gone; unless somebody moved on by then. */
function giveBack(before: Element | null, patience: number): void {
  const now = document.activeElement;
  if (now?.closest("[role=dialog]") && patience > 0) {
    setTimeout(() => giveBack(before, patience - 50), 50);
    return;
  }
  const lost = now === null || now === document.body;
  if (lost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
}
