#!/usr/bin/env bash
# Creates one mailbox through MXroute Manager.
#
#   export MXM_URL=https://manager.example.com
#   export MXM_TOKEN=mxm_…            # needs the permission `emails` on the domain
#   ./deploy-mailbox.sh DOMAIN USERNAME PASSWORD [QUOTA LIMIT RECOVERY]
#
#   DOMAIN    for example example.com
#   USERNAME  the part before the @
#   PASSWORD  the mailbox's password; - reads it from the first line of standard input, so that `ps` never shows it
#   QUOTA     megabytes, 0 = unlimited; default: the manager's (1024)
#   LIMIT     messages a day, 1 to 9600; default: the manager's (9600)
#   RECOVERY  recovery address, for password resets
#
#   An empty argument ('') stands for the default.
#
#   ./deploy-mailbox.sh example.com alex 'Abcd1234!'
#   ./deploy-mailbox.sh example.com alex - 2048 500 alex@elsewhere.example < password.txt
#
# Exit status: 0 created, 1 refused or unreachable (the reason is on standard error; a mailbox that exists already is
# refused), 2 wrong use. Needs bash and curl. Neither the token nor the password appears on curl's command line.
set -euo pipefail

usage() { echo "usage: ${0##*/} DOMAIN USERNAME PASSWORD [QUOTA LIMIT RECOVERY]" >&2; exit 2; }
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

# Prints $1 as a JSON number; $2 names it.
number() {
  case $1 in '' | *[!0-9]* | ??????????*) fail "$2 must be a whole number, not '$1'" 2 ;; esac
  printf '%d' "$((10#$1))"
}

{ [ $# -ge 3 ] && [ $# -le 6 ]; } || usage
check_environment
password=$3
if [ "$password" = - ]; then IFS= read -r password || [ -n "$password" ] || fail "no password on standard input" 2; fi

path="/api/domains/$(segment "$1")/email-accounts"
body="{\"username\":\"$(json "$2")\",\"password\":\"$(json "$password")\""
if [ -n "${4:-}" ]; then quota=$(number "$4" QUOTA); body+=",\"quota\":$quota"; fi
if [ -n "${5:-}" ]; then limit=$(number "$5" LIMIT); body+=",\"limit\":$limit"; fi
if [ -n "${6:-}" ]; then body+=",\"recovery_email\":\"$(json "$6")\""; fi
body+='}'

post "$path" "$body"
case $status in
  2??) printf 'created %s@%s\n' "$2" "$1" ;;
  *) fail "$(reason) (HTTP $status)" ;;
esac
