/** What is typed counts at once, and reaches the address when the typing rests. */
import { useEffect, useRef, useState } from "react";

const TYPING_MS = 150;

export function useTyped(value: string, onRest: (value: string) => void) {
  const [typed, setTyped] = useState(value);
  const timer = useRef<number | undefined>(undefined);
  const sent = useRef(value);

  useEffect(() => {
    // The address changed by other means: Back, or a link.
    if (value !== sent.current) {
      sent.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  function type(next: string) {
    setTyped(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      sent.current = next;
      onRest(next);
    }, TYPING_MS);
  }

  return { typed, type };
}
