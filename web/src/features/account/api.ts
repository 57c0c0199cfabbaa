/** What other rooms may use. */
export { SendingCard } from "./SendingCard";
export { StorageCards } from "./StorageCards";
export { useStorageByDomain } from "./useStorageByDomain";
