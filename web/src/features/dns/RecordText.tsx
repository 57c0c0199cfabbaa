/** One record in a fixed-width face, with what differs marked by look and by word. */
import { VisuallyHidden } from "@mantine/core";
import { useTranslation } from "@/text";
import { Foreign } from "@/ui/Foreign";
import type { Piece } from "./diff";
import classes from "./dns.module.css";

/** `missing`: only here, and needed; `other`: only here, and in question; `gone`: will be removed; `added`: will come. */
export type Sense = "missing" | "other" | "gone" | "added";

export function RecordText({ pieces, sense }: { pieces: readonly Piece[]; sense: Sense }) {
  let at = 0;
  return (
    <span className={classes.record}>
      {pieces.map((piece) => {
        const key = at;
        at += piece.text.length;
        return piece.differs ? (
          <Marked key={key} text={piece.text} sense={sense} />
        ) : (
          <Foreign key={key} text={piece.text} />
        );
      })}
    </span>
  );
}

function Marked({ text, sense }: { text: string; sense: Sense }) {
  const { t } = useTranslation("dns");
  const said = <VisuallyHidden>{t(`sense.${sense}`)} </VisuallyHidden>;
  if (sense === "missing" || sense === "added") {
    return (
      <ins className={classes.missing}>
        {said}
        <Foreign text={text} />
      </ins>
    );
  }
  if (sense === "gone") {
    return (
      <del className={`${classes.other} ${classes.gone}`}>
        {said}
        <Foreign text={text} />
      </del>
    );
  }
  return (
    <mark className={classes.other}>
      {said}
      <Foreign text={text} />
    </mark>
  );
}
