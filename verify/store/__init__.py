"""The ledger: the only room that speaks SQL. Frozen values of `verify.model` go in and come out; rows stay inside.

Open one, then read or write in a block; the functions of `documents`, `claims`, `sources`, `decisions` and `trail` take the connection it gives:

    with open_ledger("verify.db", create=True) as ledger, ledger.write() as connection:
        documents.add_document(connection, name="report", title="", origin="-")
"""

from sqlalchemy import Connection

from .ledger import Ledger, open_ledger

__all__ = ["Connection", "Ledger", "open_ledger"]
