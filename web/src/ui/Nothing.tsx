/** A list without a row: nothing is there yet, or nothing matches the filter. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { EmptyState } from "./EmptyState";

interface NothingProps {
  icon: ReactNode;
  title: string;
  hint: string;
  /** Given while a filter is set: what is said then, and the way back to all. */
  filter: { title: string; clear: string; onClear: () => void } | false;
}

export function Nothing({ icon, title, hint, filter }: NothingProps) {
  if (!filter) return <EmptyState icon={icon} title={title} hint={hint} />;
  return (
    <EmptyState
      icon={icon}
      title={filter.title}
      action={
        <Button variant="default" onClick={filter.onClear}>
          {filter.clear}
        </Button>
      }
    />
  );
}
