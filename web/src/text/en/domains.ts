export const domains = {
  title: "domains",
};
