"""The journeys: each file takes a user's wish through reading, rules and the ledger, in one transaction, with its entry in the trail."""
