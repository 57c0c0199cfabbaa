/**
 * Closing what somebody has closed already, or leading away from where they went meanwhile, would be rude: an answer can
 * come late. What this gives acts only while the address is still the one under which it was made.
 */
import { useLocation, useRouter } from "@tanstack/react-router";

interface Place {
  pathname: string;
  search: { panel?: unknown; item?: unknown };
}

const nameOf = ({ pathname, search }: Place): string => JSON.stringify([pathname, search.panel, search.item]);

export function useWhileHere<Words extends unknown[]>(act: (...words: Words) => void): (...words: Words) => void {
  const router = useRouter();
  const here = nameOf(useLocation() as Place);
  return (...words) => {
    if (nameOf(router.state.location as Place) === here) act(...words);
  };
}
