export const fleet = {
  title: "fleet",
};
