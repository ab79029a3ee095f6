"""Tryton as CRM, ERP and keeper of contracts, over its JSON-RPC."""

from connectors.tryton.build import Tryton, build_tryton

__all__ = ["Tryton", "build_tryton"]
