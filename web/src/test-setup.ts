import "./text";

// jsdom has no media queries; Mantine asks for the colour scheme and for reduced motion.
window.matchMedia ??= (query) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
