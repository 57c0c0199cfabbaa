/** Where rows come from: a file or what was pasted. */
import { MAX_BYTES } from "./limits";

export interface Source {
  text: string;
  /** The file's name; null for what was pasted. */
  name: string | null;
}

export const NOTHING: Source = { text: "", name: null };

export type Unreadable = "fileTooLarge" | "fileNotText" | "fileUnreadable";

/** The file's text, or why it has none. A file in another encoding would turn letters into others without a word. */
export async function readFile(file: File): Promise<Source | Unreadable> {
  if (file.size > MAX_BYTES) return "fileTooLarge";
  let content: ArrayBuffer;
  try {
    content = await file.arrayBuffer();
  } catch {
    return "fileUnreadable";
  }
  try {
    return { name: file.name, text: new TextDecoder("utf-8", { fatal: true }).decode(content) };
  } catch {
    return "fileNotText";
  }
}
