import { addWords, type Namespace } from "./text";
import { en } from "./text/en";

for (const [namespace, words] of Object.entries(en)) addWords(namespace as Namespace, words);

// jsdom has no media queries; Mantine asks for the colour scheme and for reduced motion.
window.matchMedia ??= (query) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
