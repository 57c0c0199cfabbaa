/** A write from a form: the server's wrong fields land beside the inputs, everything else in a notice above them. */
import type { UseFormReturnType } from "@mantine/form";
import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { ApiError } from "@/api/errors";

interface Save<Values, Result> {
  mutation: UseMutationResult<Result, Error, Values>;
  /** To hand to the <form>. */
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** What could not be put beside an input. */
  problem: Error | null;
}

/**
 * `form` needs a value, even null, for each field the server may complain about; a name such as `grants.0.domain` is
 * put at `grants`.
 */
export function useSave<Values extends object, Result>(
  form: Pick<UseFormReturnType<Values>, "setErrors" | "getValues" | "onSubmit">,
  save: (values: Values) => Promise<Result>,
  onSaved?: (result: Result, values: Values) => void,
): Save<Values, Result> {
  const mutation = useMutation<Result, Error, Values>({
    mutationFn: save,
    onSuccess: (result, values) => onSaved?.(result, values),
    onError: (error) => {
      if (error instanceof ApiError) form.setErrors(fieldErrors(error, Object.keys(form.getValues())));
    },
  });
  const { error } = mutation;
  const placed = error instanceof ApiError && isPlaced(error, Object.keys(form.getValues()));

  const element = useRef<HTMLFormElement>(null);
  const [missed, setMissed] = useState(0);
  const send = form.onSubmit(
    (values) => mutation.mutate(values),
    () => setMissed((count) => count + 1),
  );
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    element.current = event.currentTarget;
    send(event);
  };
  useEffect(() => {
    if (missed > 0) showWrong(element.current);
  }, [missed]);
  useEffect(() => {
    if (error) showWrong(element.current);
  }, [error]);
  return { mutation, onSubmit, problem: placed ? null : error };
}

/** What is wrong may be out of view, and then it would look as if nothing had happened. */
function showWrong(form: HTMLFormElement | null): void {
  const wrong = form?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]');
  if (!wrong) return;
  wrong.scrollIntoView({ block: "center" });
  // Unless somebody is at work elsewhere by now.
  const now = document.activeElement;
  if (now === null || now === document.body || form?.contains(now) || now.contains(form)) {
    wrong.focus({ preventScroll: true });
  }
}

/** The messages that belong to inputs of a form, by the input's name. */
export function fieldErrors(error: ApiError, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [field, message] of Object.entries(error.fields)) {
    const name = names.find((each) => field === each || field.startsWith(`${each}.`));
    if (name) found[name] = name in found ? `${found[name]} ${message}` : message;
  }
  return found;
}

function isPlaced(error: ApiError, names: readonly string[]): boolean {
  const fields = Object.keys(error.fields);
  return (
    fields.length > 0 && fields.every((field) => names.some((name) => field === name || field.startsWith(`${name}.`)))
  );
}
