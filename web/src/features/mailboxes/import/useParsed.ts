/** The rows of a text. The parser is loaded when there is something to parse. */
import { useEffect, useState } from "react";
import type { Parsed } from "./parse";

interface Found {
  text: string;
  parsed?: Parsed;
  error?: Error;
}

/** Nothing of both until it is done. */
export function useParsed(text: string): Pick<Found, "parsed" | "error"> {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (!text) return;
    let wanted = true;
    const keep = (next: Found) => wanted && setFound(next);
    import("./parse").then(
      ({ parseCsv }) => keep({ text, parsed: parseCsv(text) }),
      (cause: unknown) => keep({ text, error: cause instanceof Error ? cause : new Error(String(cause)) }),
    );
    return () => {
      wanted = false;
    };
  }, [text]);
  return found?.text === text ? found : {};
}
