/** A text as a QR code, drawn as one path. */
import { encode } from "uqr";

/** So many light modules around it, as the standard asks. */
const MARGIN = 4;

export default function QrCode({ text, name }: { text: string; name: string }) {
  const { data, size } = encode(text, { ecc: "M", border: MARGIN });
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={name} shapeRendering="crispEdges">
      <path fill="currentColor" d={modules(data)} />
    </svg>
  );
}

function modules(data: boolean[][]): string {
  return data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")).join("")).join("");
}
