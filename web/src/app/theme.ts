/** Colours and shapes. Text colours keep 4.5 : 1 on every background that the app uses, in light and dark. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const sea: MantineColorsTuple = [
  "#eaf3fd",
  "#d3e4f8",
  "#a5c8f0",
  "#7db4f5",
  "#4e93de",
  "#2f7bcf",
  "#1f6abf",
  "#1257a8",
  "#0d478b",
  "#08376d",
];

export const theme = createTheme({
  primaryColor: "sea",
  primaryShade: { light: 7, dark: 7 },
  colors: { sea },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: { fontWeight: "650" },
  components: {
    // Inside <main>: whatever opens over the view belongs to it, also for screen readers.
    Portal: { defaultProps: { target: "#overlays" } },
    DrawerRoot: { defaultProps: { position: "right" } },
    DrawerOverlay: { defaultProps: { backgroundOpacity: 0.35 } },
    ModalOverlay: { defaultProps: { backgroundOpacity: 0.45 } },
    Anchor: { defaultProps: { underline: "always" } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } },
    Badge: { defaultProps: { tt: "none", fw: 600 } },
  },
});

/** Mantine's own dimmed, placeholder and light-variant colours fall short of the contrast that WCAG AA asks for. */
export const cssVariables: CSSVariablesResolver = (current) => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": current.colors.gray[7],
    "--mantine-color-placeholder": current.colors.gray[7],
    "--mantine-color-anchor": sea[7],
    "--mantine-color-error": current.colors.red[9],
    "--mantine-color-green-light-color": "#146c2e",
    "--mantine-color-yellow-light-color": "#7a4d00",
    "--mantine-color-orange-light-color": "#8f3b00",
    "--mantine-color-red-light-color": "#a51111",
    "--mantine-color-gray-light-color": current.colors.gray[8],
    "--mantine-color-sea-light-color": sea[8],
  },
  dark: {
    "--mantine-color-dimmed": current.colors.dark[1],
    "--mantine-color-placeholder": current.colors.dark[1],
    "--mantine-color-anchor": sea[3],
    "--mantine-color-error": current.colors.red[3],
    "--mantine-color-green-light-color": current.colors.green[3],
    "--mantine-color-yellow-light-color": current.colors.yellow[3],
    "--mantine-color-orange-light-color": current.colors.orange[3],
    "--mantine-color-red-light-color": current.colors.red[3],
    "--mantine-color-gray-light-color": current.colors.gray[3],
    "--mantine-color-sea-light-color": sea[2],
  },
});
