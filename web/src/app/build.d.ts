/** Put in by the build (vite.config.ts). */
declare const __MXM_VERSION__: string;
declare const __MXM_BUILD__: string;
