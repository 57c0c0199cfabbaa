/** The heading of a step, which takes the focus when the step changes: a screen reader hears where it is. */
import { Title } from "@mantine/core";
import { useEffect, useRef } from "react";

interface StepHeadingProps {
  children: string;
  /** Off where the page itself has just come. */
  focused: boolean;
}

export function StepHeading({ children, focused }: StepHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focused) heading.current?.focus({ preventScroll: true });
  }, [focused]);
  return (
    <Title order={2} size="h4" ref={heading} tabIndex={-1} mb="sm" style={{ outline: "none" }}>
      {children}
    </Title>
  );
}
