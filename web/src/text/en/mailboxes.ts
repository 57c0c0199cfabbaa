export const mailboxes = {
  title: "mailboxes",
};
