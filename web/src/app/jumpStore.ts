import { createSpotlight } from "@mantine/spotlight";

export const [jumpStore, jumpActions] = createSpotlight();
