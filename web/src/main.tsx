import "./app/nonce"; // before anything that makes a style element
import "./app/mantine.css";
import "./app/global.css";
import { MantineProvider } from "@mantine/core";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { nonce } from "./app/nonce";
import { router } from "./app/router";
import { cssVariables, theme } from "./app/theme";

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");

createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
      deduplicateInlineStyles
    >
      <RouterProvider router={router} />
    </MantineProvider>
  </StrictMode>,
);
