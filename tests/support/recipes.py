"""The curl recipes of the user's own description, word for word: run against the demo, and looked for in the manual."""

HOST = "https://manager.example.com"
"""Stands for the manager's address; the only thing that is replaced, as the description says."""

MAIL = r"""
curl -sS -H "Authorization: Bearer $MXM_TOKEN" \
https://manager.example.com/api/domains
---
curl -sS -H "Authorization: Bearer $MXM_TOKEN" \
https://manager.example.com/api/domains/example.com/email-accounts
---
curl -sS -X POST \
-H "Authorization: Bearer $MXM_TOKEN" \
-H "Content-Type: application/json" \
-d '{"username":"alex","password":"Abcd123!","quota":1024,"limit":9600}' \
https://manager.example.com/api/domains/example.com/email-accounts
---
curl -sS -X POST \
-H "Authorization: Bearer $MXM_TOKEN" \
-H "Content-Type: application/json" \
-d '{"default_domain":"example.com","rows":[{"username":"alice","password":"Abcd123!"}]}' \
https://manager.example.com/api/email-accounts/import/preview
---
curl -sS -H "Authorization: Bearer $MXM_TOKEN" \
"https://manager.example.com/api/domains/example.com/mail-client-settings?username=alex"
---
curl -sS -H "Authorization: Bearer $MXM_TOKEN" \
https://manager.example.com/api/domains/example.com/spam/blacklist
---
curl -sS -X POST \
-H "Authorization: Bearer $MXM_TOKEN" \
-H "Content-Type: application/json" \
-d '{"entry":"karen@hr.example.com"}' \
https://manager.example.com/api/domains/example.com/spam/blacklist
---
curl -sS -X DELETE \
-H "Authorization: Bearer $MXM_TOKEN" \
"https://manager.example.com/api/domains/example.com/spam/blacklist/karen%40hr.example.com"
""".strip().split("\n---\n")

DNS = r"""
curl -sS -X POST \
-H "Authorization: Bearer $MXM_TOKEN" \
-H "Content-Type: application/json" \
-d '{}' \
https://manager.example.com/api/domains/example.com/dns/fix
---
curl -sS -X POST \
-H "Authorization: Bearer $MXM_TOKEN" \
-H "Content-Type: application/json" \
-d '{"records":["webmail"]}' \
https://manager.example.com/api/domains/example.com/dns/fix
---
curl -sS -X POST \
-H "Authorization: Bearer $MXM_ADMIN_TOKEN" \
-H "Content-Type: application/json" \
-d '{"only_unhealthy":true}' \
https://manager.example.com/api/cloudflare/dns/fix-bulk
---
curl -sS -H "Authorization: Bearer $MXM_TOKEN" \
https://manager.example.com/api/domains/example.com/dmarc-policy
---
curl -sS -X PATCH -H "Authorization: Bearer $MXM_TOKEN" \
-H "Content-Type: application/json" \
-d '{"dmarc_record":"v=DMARC1; p=reject; sp=reject; aspf=r;"}' \
https://manager.example.com/api/domains/example.com/dmarc-policy
""".strip().split("\n---\n")

CLEARED_POLICY = DNS[-1].replace('"v=DMARC1; p=reject; sp=reject; aspf=r;"', "null")
"""As the description tells in a sentence: `null` falls back to DMARC_RECORD."""
