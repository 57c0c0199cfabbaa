export const dns = {
  title: "dns",
};
