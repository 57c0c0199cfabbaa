/** What other rooms may use. */
export { ExpectedRecords } from "./ExpectedRecords";
export type { ManualRecord } from "./manual";
export { healthQuery } from "./queries";
export { RecordList } from "./RecordList";
