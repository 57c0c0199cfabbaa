export const spam = {
  title: "spam",
};
