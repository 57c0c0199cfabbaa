import { access } from "./access";
import { app } from "./app";
import { audit } from "./audit";
import { dns } from "./dns";
import { domains } from "./domains";
import { fleet } from "./fleet";
import { forwarding } from "./forwarding";
import { jobs } from "./jobs";
import { mailboxes } from "./mailboxes";
import { settings } from "./settings";
import { spam } from "./spam";
import { ui } from "./ui";

export const en = { access, app, audit, dns, domains, fleet, forwarding, jobs, mailboxes, settings, spam, ui };
