/** People, tokens and sessions as the API has them. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api, onceOnly, type Schema } from "@/api/client";

export type Person = Schema<"Delegation">;
export type Token = Schema<"TokenListed">;
export type TokenMade = Schema<"TokenMade">;
export type Session = Schema<"SessionOut">;

export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: ({ signal }) => answered(api.GET("/api/admin/delegations", { signal })),
});

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => answered(api.GET("/api/admin/api-tokens", { signal })),
});

/** One's own sessions, or everybody's. */
export const sessionsQuery = (everybody: boolean) =>
  queryOptions({
    queryKey: ["sessions", { everybody }],
    queryFn: ({ signal }) =>
      answered(everybody ? api.GET("/api/admin/sessions", { signal }) : api.GET("/api/me/sessions", { signal })),
  });

/** Makes a person, or changes one to exactly this: doing it twice does no harm, and not doing it would. */
export function savePerson(body: Schema<"DelegationIn">) {
  return answered(api.POST("/api/admin/delegations", { body }));
}

export function deletePerson(email: string) {
  return answered(api.DELETE("/api/admin/delegations/{email}", { params: { path: { email } } }));
}

export function createToken(body: Schema<"TokenIn">) {
  return answered(api.POST("/api/admin/api-tokens", { headers: onceOnly(), body }));
}

export function rotateToken(id: string) {
  return answered(api.POST("/api/admin/api-tokens/{id}/rotate", { params: { path: { id } } }));
}

export function revokeToken(id: string) {
  return answered(api.DELETE("/api/admin/api-tokens/{id}", { params: { path: { id } } }));
}

export function endSession(id: string, everybody: boolean) {
  const params = { path: { id } };
  return answered(
    everybody ? api.DELETE("/api/admin/sessions/{id}", { params }) : api.DELETE("/api/me/sessions/{id}", { params }),
  );
}

export function endOtherSessions() {
  return answered(api.DELETE("/api/me/sessions"));
}
