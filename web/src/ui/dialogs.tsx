/** What opens over a view. The frames are loaded when first needed: most visits begin with a list. */
import { type ComponentProps, lazy, Suspense, useState } from "react";
import type DialogFrame from "./ConfirmFrame";
import type PanelFrameType from "./PanelFrame";

const Panel = lazy(() => import("./PanelFrame"));
const Confirm = lazy(() => import("./ConfirmFrame"));

/** A form or detail beside its list. Whether it is open is part of the address, so it is closed by navigating. */
export function SidePanel(props: ComponentProps<typeof PanelFrameType>) {
  const [needed, setNeeded] = useState(props.opened);
  if (props.opened && !needed) setNeeded(true);
  if (!needed) return null;
  return (
    <Suspense fallback={null}>
      <Panel {...props} />
    </Suspense>
  );
}

/** Before something is destroyed: says what happens and asks for the name of the thing. */
export function ConfirmDialog(props: ComponentProps<typeof DialogFrame>) {
  return (
    <Suspense fallback={null}>
      <Confirm {...props} />
    </Suspense>
  );
}
