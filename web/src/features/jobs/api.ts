/** What other rooms may use. */
export { CancelJob } from "./CancelJob";
export { ImportSummary } from "./ImportSummary";
export { JobProgress } from "./JobProgress";
export { JobStateBadge } from "./JobStateBadge";
export { useJobName, useKindName, useStepName } from "./names";
export { isOver, type Job, jobQuery } from "./queries";
export { domainOf } from "./results";
export { useRowErrors } from "./rowErrors";
export { useLiveJob } from "./useLiveJob";
