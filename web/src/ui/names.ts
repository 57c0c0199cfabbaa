/** Domain names as people write them. */

/** The name in the form that the API knows: lower case, without a last dot, other alphabets as `xn--…`. */
export function asciiName(name: string): string {
  const plain = name.trim().replace(/\.$/, "").toLowerCase();
  if (/^[\x21-\x7e]*$/.test(plain)) return plain;
  try {
    return new URL(`http://${plain}`).hostname;
  } catch {
    return plain;
  }
}
