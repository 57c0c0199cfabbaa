/** A write from a form: the server's wrong fields land beside the inputs, everything else in a notice above them. */
import type { UseFormReturnType } from "@mantine/form";
import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { ApiError } from "@/api/errors";

interface Save<Values, Result> {
  mutation: UseMutationResult<Result, Error, Values>;
  /** To hand to the form's `onSubmit`. */
  submit: (values: Values) => void;
  /** What could not be put beside an input. */
  problem: Error | null;
}

/**
 * `form` needs a value, even null, for each field the server may complain about; a name such as `grants.0.domain` is
 * put at `grants`.
 */
export function useSave<Values extends object, Result>(
  form: Pick<UseFormReturnType<Values>, "setErrors" | "getValues">,
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
  return { mutation, submit: (values) => mutation.mutate(values), problem: placed ? null : error };
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
