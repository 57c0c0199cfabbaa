/** Mantine's links, buttons and tabs that lead to an address of the app. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import { forwardRef } from "react";

const PlainAnchor = forwardRef<HTMLAnchorElement, Omit<AnchorProps, "href">>((props, ref) => (
  <Anchor ref={ref} {...props} />
));
PlainAnchor.displayName = "PlainAnchor";

const PlainButton = forwardRef<HTMLAnchorElement, ButtonProps>((props, ref) => (
  <Button component="a" ref={ref} {...props} />
));
PlainButton.displayName = "PlainButton";

export const AppLink = createLink(PlainAnchor);
export const AppButton = createLink(PlainButton);
