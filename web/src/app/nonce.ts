/** The value that the page's policy wants on every style element, put there by the server anew for each page. */
const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');

export const nonce: string = meta?.nonce || meta?.getAttribute("nonce") || "";

// The scroll lock below dialogs (react-remove-scroll) looks for it under this name.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;
