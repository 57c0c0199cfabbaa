/**
 * All words of the app in one catalogue: `en/<feature>.ts`, one namespace a feature. A translation is a second folder
 * of the same shape. The type checker refuses a key that does not exist.
 */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    resources: typeof en;
    returnNull: false;
  }
}

void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en },
  defaultNS: "app",
  initAsync: false,
  interpolation: { escapeValue: false }, // React escapes
});

export const text = i18next;
