/** Text that somebody else wrote, with what nobody would see of it made visible. */
import classes from "./foreign.module.css";
import { spelled } from "./spelled";

export function Foreign({ text }: { text: string }) {
  let at = 0;
  return spelled(text).map((piece) => {
    const key = at;
    at += piece.text.length;
    return piece.differs ? (
      <span key={key} className={classes.unseen}>
        {piece.text}
      </span>
    ) : (
      piece.text
    );
  });
}
