"""Tryton module `saleshub`: see ../README.md. trytond loads it; nothing else imports it."""
