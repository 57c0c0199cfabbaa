/** What other rooms may use. */
export { ClientSetup } from "./ClientSetup";
