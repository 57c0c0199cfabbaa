#!/usr/bin/env bash
# Adds an address to the SpamAssassin blacklist through MXroute Manager.
#
#   export MXM_URL=https://manager.example.com
#   export MXM_TOKEN=mxm_…            # needs the permission `spam` on the domain
#   ./blacklist-sender.sh DOMAIN ENTRY
#
#   DOMAIN  for example example.com
#   ENTRY   a full address, a local part, or a pattern such as *@spam.example
#
#   ./blacklist-sender.sh example.com karen@hr.example.com
#
# MXroute keeps one blacklist for all domains of an account: the entry works for every one of them.
#
# Exit status: 0 added or already there, 1 refused or unreachable (the reason is on standard error), 2 wrong use.
# Needs bash and curl. The token does not appear on curl's command line.
set -euo pipefail

usage() { echo "usage: ${0##*/} DOMAIN ENTRY" >&2; exit 2; }
fail() { printf '%s: %s\n' "${0##*/}" "$1" >&2; exit "${2:-1}"; }

# Escapes $1 for use between the quotes of a JSON string, byte by byte: UTF-8 passes through as it is.
json() {
  local LC_ALL=C text=$1 out='' char i
  for ((i = 0; i < ${#text}; i++)); do
    char=${text:i:1}
    case $char in
      \" | \\) out+="\\$char" ;;
      [[:cntrl:]]) printf -v char '\\u%04x' "'$char"; out+=$char ;;
      *) out+=$char ;;
    esac
  done
  printf '%s' "$out"
}

# Percent-encodes $1 as one path segment. (macOS's bash 3.2 counts bytes from 128 on as negative, hence the mask.)
segment() {
  local LC_ALL=C text=$1 out='' char code i
  case $text in '' | . | ..) fail "'$text' is no domain" 2 ;; esac
  for ((i = 0; i < ${#text}; i++)); do
    char=${text:i:1}
    case $char in
      [a-zA-Z0-9._~-]) out+=$char ;;
      *) printf -v code '%d' "'$char"; printf -v char '%%%02X' "$((code & 255))"; out+=$char ;;
    esac
  done
  printf '%s' "$out"
}

# Sends the JSON body $2 to the path $1; sets `status` and `answer`. curl reads the token and the body from its
# standard input.
post() {
  local config=${2//\\/\\\\} result
  config=${config//\"/\\\"}
  result=$(
    printf 'header = "Authorization: Bearer %s"\nheader = "Content-Type: application/json"\ndata-binary = "%s"\n' \
      "$MXM_TOKEN" "$config" |
      curl --silent --show-error --max-time 180 --globoff --path-as-is --request POST --config - \
        --write-out '\n%{http_code}' -- "${MXM_URL%/}$1"
  ) || fail "no answer from $MXM_URL"
  status=${result##*$'\n'}
  answer=${result%$'\n'*}
}

# The server's message in `answer`, or the beginning of it when there is none.
reason() {
  local text pattern='"message"[[:space:]]*:[[:space:]]*"(([^"\\]|\\.)*)"'
  if [[ $answer =~ $pattern ]]; then
    text=${BASH_REMATCH[1]//\\\"/\"}
    text=${text//\\\\/\\}
  else
    text=${answer:0:300}
  fi
  printf '%s' "${text:-no reason given}"
}

check_environment() {
  [ -n "${MXM_URL:-}" ] || fail "set MXM_URL, for example https://manager.example.com" 2
  [ -n "${MXM_TOKEN:-}" ] || fail "set MXM_TOKEN to an API token" 2
  case $MXM_URL in https://* | http://*) ;; *) fail "MXM_URL must begin with https:// or http://" 2 ;; esac
  case $MXM_TOKEN in *[!a-zA-Z0-9._~+/=-]*) fail "MXM_TOKEN holds a character that no token has" 2 ;; esac
  command -v curl >/dev/null || fail "curl is missing" 2
}

[ $# -eq 2 ] || usage
check_environment

path="/api/domains/$(segment "$1")/spam/blacklist"
post "$path" "{\"entry\":\"$(json "$2")\"}"
case $status in
  2??) printf 'blacklisted %s\n' "$2" ;;
  409) printf '%s is already there\n' "$2" ;;
  *) fail "$(reason) (HTTP $status)" ;;
esac
