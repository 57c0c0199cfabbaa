"""The client of MXroute's REST API: 43 operations, typed. Reads live or cached, writes prepared and sent once.

`client.MXroute` is the entrance, `examine.MXrouteExaminer` what the journal asks after a lost answer.
"""
